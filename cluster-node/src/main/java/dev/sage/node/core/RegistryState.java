package dev.sage.node.core;

import dev.sage.node.core.RegistryEvent.JobAccepted;
import dev.sage.node.core.RegistryEvent.JobArchived;
import dev.sage.node.core.RegistryEvent.JobCancelled;
import dev.sage.node.core.RegistryEvent.JobEnded;
import dev.sage.node.core.RegistryEvent.JobRestarted;
import dev.sage.node.core.RegistryEvent.JobStarted;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that have not ended, and those that are not in the history yet. It is changed in place, by one thread: with
 * thousands of jobs a copy per event would cost more than the disk. What is not written yet goes into a {@link #draft}.
 *
 * <p>Events of a job that is not there change nothing.
 */
public final class RegistryState {
    private final @Nullable RegistryState base;
    /** In a draft only what differs from its base, where empty stands for a job that is gone. */
    private final Map<String, Optional<RegistryEntry>> jobs = new LinkedHashMap<>();
    /** The ids by key. */
    private final Map<String, Optional<String>> keys = new LinkedHashMap<>();

    public RegistryState() {
        this(null);
    }

    private RegistryState(@Nullable RegistryState base) {
        this.base = base;
    }

    public static RegistryState of(RegistrySnapshot snapshot) {
        RegistryState state = new RegistryState();
        snapshot.entries().forEach(state::put);
        return state;
    }

    /** What it would be after events that are not written yet; invalid as soon as this one changes. */
    RegistryState draft() {
        return new RegistryState(this);
    }

    public Optional<RegistryEntry> find(String id) {
        Optional<RegistryEntry> own = jobs.get(id);
        return own != null ? own : base == null ? Optional.empty() : base.find(id);
    }

    public Optional<RegistryEntry> findByKey(String key) {
        Optional<String> own = keys.get(key);
        Optional<String> id = own != null ? own : base == null ? Optional.empty() : base.idOf(key);
        return id.flatMap(this::find);
    }

    /** All of them, in the order of their submission. */
    public Collection<RegistryEntry> entries() {
        Map<String, RegistryEntry> all = new LinkedHashMap<>();
        if (base != null) {
            base.entries().forEach(entry -> all.put(entry.job().id(), entry));
        }
        jobs.forEach((id, entry) -> {
            if (entry.isPresent()) {
                all.put(id, entry.get());
            } else {
                all.remove(id);
            }
        });
        return Collections.unmodifiableCollection(all.values());
    }

    public List<RegisteredJob> live() {
        return entries().stream()
                .filter(RegistryEntry::isLive)
                .map(RegistryEntry::job)
                .toList();
    }

    /** What has ended and must be copied to the history. */
    public List<Ended> ended() {
        return entries().stream().flatMap(entry -> entry.ended().stream()).toList();
    }

    public RegistrySnapshot snapshot() {
        return new RegistrySnapshot(List.copyOf(entries()));
    }

    /** Takes note of what is written. */
    public void apply(RegistryEvent event) {
        if (event instanceof JobAccepted accepted) {
            put(new RegistryEntry(
                    new RegisteredJob(accepted.job(), 1, accepted.at(), Optional.empty(), Optional.empty()),
                    Optional.empty(),
                    Optional.empty()));
        } else {
            find(event.id()).ifPresent(entry -> apply(event, entry));
        }
    }

    private void apply(RegistryEvent event, RegistryEntry entry) {
        RegisteredJob job = entry.job();
        if (event instanceof JobStarted started) {
            put(entry.withJob(
                    new RegisteredJob(
                            job.job(),
                            started.attempt(),
                            job.submittedAt(),
                            Optional.of(started.at()),
                            job.cancelled()),
                    Optional.of(started.instance())));
        } else if (event instanceof JobCancelled cancelled) {
            put(entry.withJob(
                    new RegisteredJob(
                            job.job(),
                            job.attempt(),
                            job.submittedAt(),
                            job.startedAt(),
                            Optional.of(cancelled.reason())),
                    entry.instance()));
        } else if (event instanceof JobRestarted restarted) {
            put(entry.withJob(
                    new RegisteredJob(
                            job.job(), restarted.attempt(), job.submittedAt(), Optional.empty(), job.cancelled()),
                    Optional.empty()));
        } else if (event instanceof JobEnded ended) {
            put(new RegistryEntry(job.withoutGraph(), entry.instance(), Optional.of(ended.outcome())));
        } else if (event instanceof JobArchived) {
            remove(job.job());
        }
    }

    private void put(RegistryEntry entry) {
        NewJob job = entry.job().job();
        jobs.put(job.id(), Optional.of(entry));
        job.key().ifPresent(key -> keys.put(key, Optional.of(job.id())));
    }

    private void remove(NewJob job) {
        if (base == null) {
            jobs.remove(job.id());
            job.key().ifPresent(keys::remove);
        } else {
            jobs.put(job.id(), Optional.empty());
            job.key().ifPresent(key -> keys.put(key, Optional.empty()));
        }
    }

    private Optional<String> idOf(String key) {
        return keys.getOrDefault(key, Optional.empty());
    }
}
