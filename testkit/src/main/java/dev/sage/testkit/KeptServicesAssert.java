package dev.sage.testkit;

import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.LocalEnvironment;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about the services that an environment keeps after their jobs.
 *
 * <pre>{@code
 * env.run(SubmitOptions.autostop().keepServices("index"));
 * assertThatKeptServices(env).hasNames("index");
 * env.keptServices().get(0).end();
 * assertThatKeptServices(env).areNone();
 * }</pre>
 */
public final class KeptServicesAssert extends AbstractAssert<KeptServicesAssert, List<KeptService>> {
    private KeptServicesAssert(List<KeptService> actual) {
        super(actual, KeptServicesAssert.class);
    }

    /** About those that it keeps now. */
    public static KeptServicesAssert assertThatKeptServices(LocalEnvironment environment) {
        return new KeptServicesAssert(List.copyOf(environment.keptServices()));
    }

    /** No service is kept, of any job. */
    public KeptServicesAssert areNone() {
        if (!actual.isEmpty()) {
            failWithMessage("Kept are still %s; each is ended by KeptService.end()", addresses());
        }
        return this;
    }

    /** Exactly services of these names are kept, whatever jobs they are from. */
    public KeptServicesAssert hasNames(String... names) {
        List<String> kept = addresses().stream()
                .map(address -> address.substring(address.indexOf('/') + 1))
                .sorted()
                .toList();
        List<String> expected = Stream.of(names).sorted().toList();
        if (!kept.equals(expected)) {
            failWithMessage("Kept are the services %s of %s, not %s", kept, addresses(), expected);
        }
        return this;
    }

    /** Of this job exactly these services are kept. */
    public KeptServicesAssert ofJob(JobHandle job, String... names) {
        TreeSet<String> expected = new TreeSet<>();
        Stream.of(names).forEach(name -> expected.add(job.id() + "/" + name));
        List<String> kept = addresses().stream()
                .filter(address -> address.startsWith(job.id() + "/"))
                .sorted()
                .toList();
        if (!kept.equals(List.copyOf(expected))) {
            failWithMessage("Kept of job %s are %s, not %s", job.id(), kept, expected);
        }
        return this;
    }

    private List<String> addresses() {
        return actual.stream().map(KeptService::name).toList();
    }
}
