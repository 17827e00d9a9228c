"""Keeping an installation safe: backup and restore, seal files, verification, retention."""

from __future__ import annotations

from operations.backup import back_up
from operations.manifest import BackupError, Manifest
from operations.restoring import Restored, restore

__all__ = ["BackupError", "Manifest", "Restored", "back_up", "restore"]
