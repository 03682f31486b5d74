"""Debian's azure-cli 2.45 asks its library for roles for `config`, which that library has renamed: `az role` ends in an AttributeError."""

import sys

if "role" in sys.orig_argv:
    from azure.mgmt.authorization.v2018_01_01_preview.operations import RoleDefinitionsOperations
    from azure.mgmt.authorization.v2020_04_01_preview.operations import RoleAssignmentsOperations

    for operations in (RoleDefinitionsOperations, RoleAssignmentsOperations):
        if not hasattr(operations, "config"):
            operations.config = property(lambda self: self._config)
