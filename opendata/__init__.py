"""Reads everything, is read by nobody: exports, statistics, dashboards."""
