# SPDX-License-Identifier: Apache-2.0
# PREFIX/bin, lib, include, share; the engine's library, where it is not the system's, in lib/relspec.
