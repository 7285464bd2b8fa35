"""Another user's job, which runs while an attack looks for it."""

import ctypes
import json
import time

with open("secret.json") as file:
    secret = json.load(file)
for path in ("/job/diary", "/tmp/diary", "/dev/shm/diary"):
    with open(path, "w") as file:
        file.write(secret)
ctypes.CDLL(None).shmget(0x1234, ctypes.c_size_t(4096), 0o1666)
time.sleep(60)
