# Compile options live in one interface target, private to our own targets: nothing leaks to consumers.
add_library(bellwether_options INTERFACE)
target_compile_features(bellwether_options INTERFACE cxx_std_20)
target_compile_options(bellwether_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # g++ 12 sees overlaps in `"a" + string` that are none (GCC bug 105651)
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
  target_compile_options(bellwether_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(BELLWETHER_SANITIZE)
  target_compile_options(bellwether_options INTERFACE
    -fsanitize=${BELLWETHER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(bellwether_options INTERFACE -fsanitize=${BELLWETHER_SANITIZE})
endif()

if(PROJECT_IS_TOP_LEVEL)
  find_program(BELLWETHER_CCACHE ccache)
  if(BELLWETHER_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${BELLWETHER_CCACHE}")
  endif()
  find_program(BELLWETHER_LLD ld.lld)   # links test programs several times faster than ld
  if(BELLWETHER_LLD)
    # ld puts code that is rarely run (what exceptions end in, start-up) apart from the rest by itself; lld is asked to.
    target_link_options(bellwether_options INTERFACE -fuse-ld=lld LINKER:-z,keep-text-section-prefix)
  endif()
endif()

# What a user links and installs, as components: each stands for these folders (in link order: users before the used).
# `metrics` has no third-party dependency; configuring fails if a folder of it gets one.
set(BELLWETHER_COMPONENTS metrics exporter)
set(BELLWETHER_FOLDERS_metrics exposition resilience metrics base)
set(BELLWETHER_FOLDERS_exporter exporter net config)
set(BELLWETHER_PUBLIC_FOLDERS metrics exposition resilience exporter)

# One folder, one target: bellwether_library(metrics SOURCES a.cpp b.cpp PUBLIC bellwether_base PRIVATE fmt::fmt)
# The target is bellwether_<folder>, an archive; PUBLIC names what its headers need, PRIVATE what its sources need.
# A third-party library that is new here must be known to cmake/bellwether_dependencies.cmake, or the installed package would
# not find it; configuring says so. In a shared build, cmake/bellwether_shared.cmake makes the .so files from these archives.
function(bellwether_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target "bellwether_${folder}")
  add_library(${target} STATIC ${arg_SOURCES})
  if(NOT BUILD_SHARED_LIBS OR NOT folder IN_LIST BELLWETHER_PUBLIC_FOLDERS)
    add_library(bellwether::${folder} ALIAS ${target})
  endif()
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${folder} CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target}
    PUBLIC ${arg_PUBLIC} PRIVATE $<BUILD_INTERFACE:bellwether_options> ${arg_PRIVATE})
endfunction()
