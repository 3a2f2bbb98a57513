package dev.sage.ray;

import dev.sage.api.LocalEnvironment;
import dev.sage.api.RayService;
import dev.sage.api.SubmitOptions;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Keeps an actor until it is killed. Arguments: the home, in which a cluster is up, and the file of Python. */
final class KeeperProgram {
    static final String PYTHON = """
            class Counter:
                def __init__(self):
                    self.count = 0

                def add(self, n):
                    self.count += n
                    return self.count
            """;

    private KeeperProgram() {}

    public static void main(String[] args) throws Exception {
        LocalEnvironment env = LocalEnvironment.create("keeper", Map.of("sage.home", args[0]));
        env.service("counter", RayService.python(args[1], "Counter"));
        env.fromRange(0, 1).print();
        System.out.println("kept "
                + env.run(SubmitOptions.autostop().keepServices("counter")).id());
        new CountDownLatch(1).await();
    }
}
