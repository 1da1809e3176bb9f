# cmake -DKIND=find_package|pkg_config|add_subdirectory -DSTAGE=... -DWORK=... -DTREE=... -DCOMPILER=... -DVERSION=...
#       -DWITH_EXPORTER=ON|OFF -P run_consumer.cmake
# Configures, builds and runs one consumer, from nothing.
cmake_minimum_required(VERSION 3.22)
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "failed (${status}): ${command}")
  endif()
endfunction()

set(source "${TREE}/tests/consumers/${KIND}")
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")

if(KIND STREQUAL "pkg_config")
  file(GLOB_RECURSE pc_files "${STAGE}/*.pc")
  list(GET pc_files 0 pc_file)
  get_filename_component(pc_dir "${pc_file}" DIRECTORY)
  get_filename_component(library_dir "${pc_dir}" DIRECTORY)
  set(programs metrics_consumer)
  if(WITH_EXPORTER)
    list(APPEND programs exporter_consumer)
  endif()
  list(JOIN programs " " program_list)
  run("${CMAKE_COMMAND}" -E env "PKG_CONFIG_PATH=${pc_dir}" "LD_RUN_PATH=${library_dir}"
    make -C "${WORK}" -f "${source}/Makefile" "SOURCE=${source}" "CXX=${COMPILER}" "PROGRAMS=${program_list}")
else()
  run("${CMAKE_COMMAND}" -S "${source}" -B "${WORK}" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_COMPILER=${COMPILER}"
    ${LAUNCHER} "-DCMAKE_PREFIX_PATH=${STAGE}" "-DBELLWETHER_TREE=${TREE}" "-DEXPECTED_VERSION=${VERSION}"
    "-DWITH_EXPORTER=${WITH_EXPORTER}")
  run("${CMAKE_COMMAND}" --build "${WORK}")
endif()

run("${WORK}/metrics_consumer")
if(WITH_EXPORTER)
  run("${WORK}/exporter_consumer")
endif()
