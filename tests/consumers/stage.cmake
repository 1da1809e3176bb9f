# cmake -DTREE=... -DBUILD=... -DSTAGE=... [-DSHARED=ON -DCOMPILER=... -DBUILD_TYPE=... -DFLAGS=... ...] -P stage.cmake
# Installs a build into an empty folder; a shared one is configured and built first.
cmake_minimum_required(VERSION 3.22)
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "failed (${status}): ${command}")
  endif()
endfunction()

if(SHARED)
  # The flags of the static build, so that ccache knows every object already.
  run("${CMAKE_COMMAND}" -S "${TREE}" -B "${BUILD}" -G Ninja -DBUILD_SHARED_LIBS=ON "-DCMAKE_CXX_COMPILER=${COMPILER}"
    "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}" "-DCMAKE_CXX_FLAGS_RELEASE=${FLAGS}" -DBELLWETHER_ASSERTIONS=${ASSERTIONS}
    -DBELLWETHER_EXPORTER=${WITH_EXPORTER} -DBELLWETHER_PROGRAM=OFF -DBELLWETHER_TESTS=OFF -DBELLWETHER_EXAMPLES=OFF
    -DBELLWETHER_INSTALL=ON)
  run("${CMAKE_COMMAND}" --build "${BUILD}")
endif()
file(REMOVE_RECURSE "${STAGE}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${STAGE}")
