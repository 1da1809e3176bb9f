# cmake -DCASE=good|leaning|unguarded -DTREE=... -DWORK=... -DCOMPILER=... -P self_contained.cmake
# A small project with one header, on which cmake/bellwether_check_headers.cmake must pass or fail.
cmake_minimum_required(VERSION 3.22)
set(good "#pragma once\n#include <string>\ninline std::string name() { return {}; }\n")
set(leaning "#pragma once\ninline std::string name() { return {}; }\n")
set(unguarded "#include <string>\ninline std::string name() { return {}; }\n")

file(REMOVE_RECURSE "${WORK}")
file(WRITE "${WORK}/source/src/base/name.hpp" "${${CASE}}")
file(WRITE "${WORK}/source/CMakeLists.txt" "cmake_minimum_required(VERSION 3.22)
project(fixture LANGUAGES CXX)
add_library(bellwether_options INTERFACE)
target_compile_features(bellwether_options INTERFACE cxx_std_20)
include(\"${TREE}/cmake/bellwether_check_headers.cmake\")
")
execute_process(COMMAND "${CMAKE_COMMAND}" -S "${WORK}/source" -B "${WORK}/build" -G Ninja "-DCMAKE_CXX_COMPILER=${COMPILER}"
  RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "the fixture does not configure")
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${WORK}/build" --target check_headers
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(CASE STREQUAL "good" AND NOT status EQUAL 0)
  message(FATAL_ERROR "check_headers refuses a header that stands alone")
elseif(NOT CASE STREQUAL "good" AND status EQUAL 0)
  message(FATAL_ERROR "check_headers does not see a header that is ${CASE}")
endif()
