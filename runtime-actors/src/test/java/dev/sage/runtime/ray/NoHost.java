package dev.sage.runtime.ray;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sage.api.ProcessService;
import dev.sage.runtime.process.ManagedProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** For bridges that ask nothing of it. */
final class NoHost implements RayHost {
    @Override
    public Config config() {
        return ConfigFactory.empty();
    }

    @Override
    public Path home() {
        return Path.of("none");
    }

    @Override
    public Optional<Set<String>> heldActors() {
        return Optional.empty();
    }

    @Override
    public void takeGpus(String program, List<Integer> ids) {}

    @Override
    public void giveGpusBack(String program) {}

    @Override
    public String instance() {
        return "test";
    }

    @Override
    public ManagedProcess program(String name, ProcessService description) {
        throw new UnsupportedOperationException();
    }
}
