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

if(PROJECT_IS_TOP_LEVEL)
  find_program(BELLWETHER_CCACHE ccache)
  if(BELLWETHER_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${BELLWETHER_CCACHE}")
  endif()
  find_program(BELLWETHER_LLD ld.lld)   # links test programs several times faster than ld
  if(BELLWETHER_LLD)
    target_link_options(bellwether_options INTERFACE -fuse-ld=lld)
  endif()
endif()

# What a user links. In a shared build each of these is one .so; the other folders are then linked into it, hidden.
set(BELLWETHER_PUBLIC_FOLDERS metrics exposition exporter)

# One folder, one target: bellwether_library(metrics SOURCES a.cpp b.cpp PUBLIC bellwether_base PRIVATE fmt::fmt)
# The target is bellwether_<folder>; PUBLIC names what its headers need, PRIVATE what its sources need.
# A third-party library that is new here must be known to cmake/bellwether_dependencies.cmake, or the installed package would
# not find it; configuring says so.
function(bellwether_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target "bellwether_${folder}")
  set(public_links ${arg_PUBLIC})
  set(private_links ${arg_PRIVATE})
  set(kind STATIC)
  if(BUILD_SHARED_LIBS AND folder IN_LIST BELLWETHER_PUBLIC_FOLDERS)
    set(kind SHARED)
    set(public_links "")
    set(private_links "")
    foreach(item IN LISTS arg_PUBLIC)
      bellwether_is_internal(${item} internal)
      if(internal)
        list(APPEND private_links $<BUILD_INTERFACE:${item}>)
      else()
        list(APPEND public_links ${item})
      endif()
    endforeach()
    foreach(item IN LISTS arg_PRIVATE)
      bellwether_is_internal(${item} internal)
      if(internal)
        set(item $<BUILD_INTERFACE:${item}>)
      endif()
      list(APPEND private_links ${item})
    endforeach()
  endif()

  add_library(${target} ${kind} ${arg_SOURCES})
  add_library(bellwether::${folder} ALIAS ${target})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${folder} CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} DEFINE_SYMBOL "")
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target}
    PUBLIC ${public_links} PRIVATE $<BUILD_INTERFACE:bellwether_options> ${private_links})

  if(kind STREQUAL "SHARED")
    # Hidden visibility does not reach templates of namespace std that our code instantiates; the version script does.
    set(script "${PROJECT_SOURCE_DIR}/cmake/exported_symbols.map")
    target_link_options(${target} PRIVATE "LINKER:--version-script=${script}" LINKER:--no-undefined)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${script}")
    if(folder STREQUAL "metrics")
      target_sources(${target} PRIVATE $<TARGET_OBJECTS:bellwether_base>)   # all of it: Clock::system() is for users, too
    endif()
  endif()
endfunction()

# Is this a folder of ours that is no library of its own in a shared build?
function(bellwether_is_internal item result)
  set(${result} FALSE PARENT_SCOPE)
  if(item MATCHES "^bellwether(_|::)([a-z]+)$" AND NOT CMAKE_MATCH_2 IN_LIST BELLWETHER_PUBLIC_FOLDERS)
    set(${result} TRUE PARENT_SCOPE)
  endif()
endfunction()
