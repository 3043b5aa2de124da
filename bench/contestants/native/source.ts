// The pipeline of `sensor`, fused by hand in C: what a loop can do that was written for this one purpose

/**
 * A program that takes the number of sensors, readings to warm up with and readings to measure, and prints nanoseconds, count,
 * sum and hash of the alerts (as bench/workloads/checksum.ts has them) and the most kilobytes that were resident.
 *
 * Readings are made into a block of 4,096 records and read from there, as everybody else gets them; the two tables are open
 * addressing with linear probing, and know the entry that was found last.
 */
export const NATIVE_SOURCE = String.raw`
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

typedef struct { uint64_t id; double value; uint64_t ts; } Reading;
typedef struct { uint64_t key; double min, max, sum, count; uint64_t ts; } Summary;
typedef struct { uint64_t key; double sum, count; } Previous;

enum { BLOCK = 4096, ROOM = 1 << 15 };

static Reading block[BLOCK];
static Summary summaries[ROOM];
static Previous previous[ROOM];
static uint64_t count, sum, hash = 0xcbf29ce484222325ull;

static inline void word(uint64_t w) {
  sum += w;
  hash = (hash ^ w) * 0x100000001b3ull;
}

/* Kept apart, as a subscriber is. */
static __attribute__((noinline)) void alert(uint64_t id, uint64_t ts) {
  count++;
  word(id);
  word(ts);
  word(1);
}

static inline uint64_t slot_of(uint64_t key) { return (key * 0x9e3779b97f4a7c15ull) >> 49; }

/* Keys are stored plus one: zero is a free slot. */
static inline Summary *summary_of(uint64_t key) {
  uint64_t slot = slot_of(key);
  while (summaries[slot].key != key && summaries[slot].key != 0) slot = (slot + 1) & (ROOM - 1);
  return &summaries[slot];
}

static inline Previous *previous_of(uint64_t key) {
  uint64_t slot = slot_of(key);
  while (previous[slot].key != key && previous[slot].key != 0) slot = (slot + 1) & (ROOM - 1);
  return &previous[slot];
}

static Summary *last_summary = summaries;
static Previous *last_previous = previous;

static void run(const Reading *readings, int length) {
  for (int i = 0; i < length; i++) {
    const Reading r = readings[i];
    const uint64_t window = r.ts / 100000, key = window * 4096 + r.id + 1;
    Summary *s = last_summary->key == key ? last_summary : (last_summary = summary_of(key));
    if (s->key == 0) {
      *s = (Summary){key, r.value, r.value, 0, 1, window * 100000};
    } else {
      s->min = fmin(s->min, r.value);
      s->max = fmax(s->max, r.value);
      s->sum += r.value;
      s->count += 1;
    }
    const uint64_t id = r.id + 1;
    Previous *p = last_previous->key == id ? last_previous : (last_previous = previous_of(id));
    if (p->key == 0) p->key = id;
    else if (s->sum / s->count > p->sum / p->count * 1.5) alert(r.id, s->ts);
    p->sum = s->sum;
    p->count = s->count;
  }
}

static void feed(long size, long sensors, long id_offset) {
  static const double values[] = {10, 12, 20, 22};
  static const uint64_t times[] = {10000, 20000, 110000, 120000};
  long sensor = 0, round = 0;
  for (long from = 0; from < size; from += BLOCK) {
    const int length = size - from < BLOCK ? (int)(size - from) : BLOCK;
    for (int i = 0; i < length; i++) {
      block[i] = (Reading){(uint64_t)(1 + sensor + id_offset), values[round & 3], times[round & 3]};
      if (++sensor == sensors) sensor = 0, round++;
    }
    run(block, length);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const long sensors = atol(argv[1]), warm_up = atol(argv[2]), size = atol(argv[3]);
  feed(warm_up, sensors, 1000);
  count = sum = 0;
  hash = 0xcbf29ce484222325ull;
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  feed(size, sensors, 0);
  clock_gettime(CLOCK_MONOTONIC, &end);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const long ns = (end.tv_sec - start.tv_sec) * 1000000000L + end.tv_nsec - start.tv_nsec;
  printf("%ld %lu %lx %lx %ld\n", ns, (unsigned long)count, (unsigned long)sum, (unsigned long)hash, usage.ru_maxrss);
  return 0;
}
`;
