# A shared build: one .so for each component, made of the objects of the folders behind it. The folders' archives stay as they
# are, and our own program and tests link them: they reach into internals that a .so hides.
#   bellwether::metrics, ::exposition, ::resilience   libbellwether_metrics.so
#   bellwether::exporter                              libbellwether_exporter.so, which needs the former
include(bellwether_dependencies)

foreach(_component IN LISTS BELLWETHER_COMPONENTS)
  set(_objects "")
  set(_external "")
  foreach(_folder IN LISTS BELLWETHER_FOLDERS_${_component})
    if(TARGET bellwether_${_folder})
      list(APPEND _objects $<TARGET_OBJECTS:bellwether_${_folder}>)
      bellwether_external_items(bellwether_${_folder} _items)
      list(APPEND _external ${_items})
    endif()
  endforeach()
  if(NOT TARGET bellwether_${_component})
    continue()
  endif()

  set(_target bellwether_${_component}_shared)
  add_library(${_target} SHARED ${_objects})
  add_library(bellwether::${_component} ALIAS ${_target})
  set_target_properties(${_target} PROPERTIES
    OUTPUT_NAME bellwether_${_component} EXPORT_NAME ${_component} LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_compile_features(${_target} PUBLIC cxx_std_20)
  target_include_directories(${_target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

  # Hidden visibility does not reach templates of namespace std that our code instantiates; the version script does.
  set(_script "${CMAKE_CURRENT_LIST_DIR}/exported_symbols.map")
  target_link_options(${_target} PRIVATE "LINKER:--version-script=${_script}")
  if(NOT BELLWETHER_SANITIZE)
    target_link_options(${_target} PRIVATE LINKER:--no-undefined)
  endif()
  set_property(TARGET ${_target} APPEND PROPERTY LINK_DEPENDS "${_script}")

  list(REMOVE_DUPLICATES _external)
  foreach(_item IN LISTS _external)   # found in the folder's own scope; here once more
    bellwether_describe_dependency("${_item}" _find _requires _libs)
    cmake_language(EVAL CODE "include(CMakeFindDependencyMacro)\n${_find}")
  endforeach()
  target_link_libraries(${_target} PRIVATE $<BUILD_INTERFACE:bellwether_options> ${_external})
  if(NOT _component STREQUAL "metrics")
    # Public names come from libbellwether_metrics.so; of base, which holds no state, each .so has its own hidden copy.
    target_link_libraries(${_target} PUBLIC bellwether_metrics_shared PRIVATE $<BUILD_INTERFACE:bellwether_base>)
  endif()
endforeach()

foreach(_folder exposition resilience)   # so that users write the same in both builds
  if(TARGET bellwether_${_folder} AND TARGET bellwether_metrics_shared)
    add_library(bellwether_${_folder}_shared INTERFACE)
    add_library(bellwether::${_folder} ALIAS bellwether_${_folder}_shared)
    set_target_properties(bellwether_${_folder}_shared PROPERTIES EXPORT_NAME ${_folder})
    target_link_libraries(bellwether_${_folder}_shared INTERFACE bellwether_metrics_shared)
  endif()
endforeach()
