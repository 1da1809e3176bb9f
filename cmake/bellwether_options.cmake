# Compile options live in one interface target, private to our own targets: nothing leaks to consumers.
add_library(bellwether_options INTERFACE)
target_compile_features(bellwether_options INTERFACE cxx_std_20)
target_compile_options(bellwether_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(bellwether_options INTERFACE -Werror)
endif()
if(BELLWETHER_ASSERTIONS)
  target_compile_options(bellwether_options INTERFACE -UNDEBUG -D_GLIBCXX_ASSERTIONS)
endif()
if(BELLWETHER_COVERAGE)
  target_compile_options(bellwether_options INTERFACE --coverage)
  target_link_options(bellwether_options INTERFACE --coverage)
endif()
if(BELLWETHER_FUZZ)
  target_compile_options(bellwether_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(bellwether_options INTERFACE -fsanitize=address,undefined)
elseif(BELLWETHER_SANITIZE)
  target_compile_options(bellwether_options INTERFACE
    -fsanitize=${BELLWETHER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(bellwether_options INTERFACE -fsanitize=${BELLWETHER_SANITIZE})
endif()

find_program(BELLWETHER_CCACHE ccache)
if(BELLWETHER_CCACHE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${BELLWETHER_CCACHE}")
endif()

# One folder, one target: bellwether_library(metrics SOURCES a.cpp b.cpp LINK bellwether_base)
# The target is bellwether_<folder>; PUBLIC link names what its headers need, PRIVATE what its sources need.
function(bellwether_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target "bellwether_${folder}")
  add_library(${target} ${arg_SOURCES})
  add_library(bellwether::${folder} ALIAS ${target})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${folder} CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE $<BUILD_INTERFACE:bellwether_options> ${arg_PRIVATE})
endfunction()
