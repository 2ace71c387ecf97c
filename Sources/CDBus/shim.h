// libdbus-1 as it is: the iterator interface needs no C of our own.
#pragma once
#include <dbus/dbus.h>
