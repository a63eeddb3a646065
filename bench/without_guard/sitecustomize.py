"""Python reads this when it starts and the folder is on its path: a process that a test starts lacks the guard, too."""

import bench.controls

bench.controls.pytest_configure()
