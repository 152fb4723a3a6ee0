/* The registry of sources and sinks: which handle is which object, and who uses it now. */
#include "sqlite_columns.h"

#include <pthread.h>
#include <stddef.h>

typedef struct {
    int64_t handle;
    void *object;
    int32_t kind, users;
} slot;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static slot slots[HANDLES_MAX];
static int n_slots;
static int64_t last_handle;

static slot *find(int64_t handle)
{
    for (int i = 0; i < n_slots; i++)
        if (slots[i].handle == handle)
            return &slots[i];
    return NULL;
}

int64_t handle_new(int kind, void *object)
{
    int64_t handle = 0;
    pthread_mutex_lock(&lock);
    if (n_slots < HANDLES_MAX) {
        handle = ++last_handle;
        slots[n_slots++] = (slot){.handle = handle, .object = object, .kind = kind};
    }
    pthread_mutex_unlock(&lock);
    return handle;
}

void *handle_acquire(int kind, int64_t handle)
{
    void *object = NULL;
    pthread_mutex_lock(&lock);
    slot *found = find(handle);
    if (found && found->kind == kind && !(kind == HANDLE_SINK && found->users)) {
        found->users++;
        object = found->object;
    }
    pthread_mutex_unlock(&lock);
    return object;
}

void handle_release(int64_t handle)
{
    pthread_mutex_lock(&lock);
    slot *found = find(handle);
    if (found)
        found->users--;
    pthread_mutex_unlock(&lock);
}

int handle_remove(int64_t handle)
{
    int removed = 1;
    pthread_mutex_lock(&lock);
    slot *found = find(handle);
    if (found && found->users)
        removed = 0;
    else if (found)
        *found = slots[--n_slots];
    pthread_mutex_unlock(&lock);
    return removed;
}
