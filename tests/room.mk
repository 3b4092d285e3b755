# SPDX-License-Identifier: MIT
# Tests that belong to no room: what the sources must look like.
