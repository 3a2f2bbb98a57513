package dev.sage.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.Vertex;
import dev.sage.api.spi.RecordedGraph;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RayDescriptionsTest {
    @TempDir
    private Path folder;

    private final RecordedGraph environment = new RecordedGraph("ray");

    @Test
    void aFileOfPythonIsReadWhenItIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("model.py"), "class Scorer: pass");
        RayCode.Python code =
                (RayCode.Python) RayService.python(file.toString(), "Scorer").code();
        Files.delete(file);
        assertThat(code.module()).isEqualTo("model");
        assertThat(code.files()).singleElement().satisfies(read -> {
            assertThat(read.path()).isEqualTo("model.py");
            assertThat(new String(read.content(), StandardCharsets.UTF_8)).isEqualTo("class Scorer: pass");
        });
    }

    @Test
    void aFolderIsAPackageOfItsNameWithoutWhatPythonAndEditorsKeepThere() throws IOException {
        Path models = Files.createDirectories(folder.resolve("models/inner"));
        Files.writeString(models.getParent().resolve("a.py"), "");
        Files.writeString(models.resolve("b.py"), "");
        Files.writeString(Files.createDirectories(models.resolve("__pycache__")).resolve("b.pyc"), "");
        Files.writeString(Files.createDirectories(models.resolve(".git")).resolve("config"), "");
        RayCode.Python code = (RayCode.Python)
                RayService.python("models.a", "A").code(models.getParent()).code();
        assertThat(code.files()).extracting(CodeFile::path).containsExactly("models/a.py", "models/inner/b.py");
    }

    @Test
    void aDescriptionIsNotChangedByWhatIsMadeOfIt() {
        RayService plain = RayService.python("m", "C");
        RayService given = plain.args("a", null)
                .gpus(0.5)
                .cpus(2)
                .resource("tpu", 1)
                .maxRestarts(3)
                .concurrency(4);
        assertThat(plain).isEqualTo(RayService.python("m", "C"));
        assertThat(given.arguments()).containsExactly("a", null);
        assertThat(given.needs()).isEqualTo(Remote.remote().gpus(0.5).cpus(2).resource("tpu", 1));
        assertThat(given.restartPolicy().restarts()).isEqualTo(3);
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        refused(() -> RayService.python("no-module", "C"), "no-module");
        refused(() -> RayService.python("m", "C()"), "C()");
        refused(() -> RayService.python(folder.resolve("gone.py").toString(), "C"), "gone.py' does not exist");
        refused(() -> RayService.python("m", "C").gpus(1.5), "1.5 of gpus");
        refused(() -> RayService.python("m", "C").cpus(-1), "-1.0 of cpus");
        refused(() -> RayService.python("m", "C").gpus(Double.NaN), "NaN of gpus");
        refused(() -> RayService.python("m", "C").resource(" ", 1), "blank name");
        refused(() -> RayService.python("m", "C").maxRestarts(-1), "maxRestarts(-1)");
        refused(() -> RayService.python("m", "C").concurrency(0), "concurrency(0)");
        refused(() -> RayService.java(Runnable.class), "java.lang.Runnable cannot be made");
        refused(() -> RayService.java(Inner.class), "Inner cannot be made");
        refused(() -> RayService.java(String.class).code(folder), "only Python needs its files named");
        refused(() -> RayPool.python("m", "C").actors(0), "actors(0)");
        refused(() -> RayPool.python("m", "C").batch(0), "batch(0)");
        refused(() -> RayPool.python("m", "C").maxRestarts(-2), "maxRestarts(-2)");
    }

    @SuppressWarnings("ClassCanBeStatic") // That it is not is the point.
    private final class Inner {}

    private static void refused(ThrowingCallable call, String part) {
        assertThatThrownBy(call).isInstanceOf(InvalidGraphException.class).hasMessageContaining(part);
    }

    @Test
    void aServiceOnRayHasTheConcurrencyAndRestartsOfItsDescriptionUnlessTheDeclarationSaysOtherwise() {
        RayService actor = RayService.python("m", "C").concurrency(4).maxRestarts(2);
        environment.service("given", actor);
        environment.service("declared", actor).concurrent(8).restart(RestartPolicy.never());
        JobGraph graph = environment.graph();
        assertThat(graph.services().get(0).concurrency()).isEqualTo(4);
        assertThat(graph.services().get(0).restart().restarts()).isEqualTo(2);
        assertThat(graph.services().get(1).concurrency()).isEqualTo(8);
        assertThat(graph.services().get(1).restart()).isEqualTo(RestartPolicy.never());
    }

    @Test
    void oneWordMovesAServiceToRay() {
        environment.service("index", Index::new, Remote.remote().gpus(1));
        ServiceBody.OnRay body =
                (ServiceBody.OnRay) environment.graph().services().get(0).body();
        assertThat(body.actor().code()).isInstanceOf(RayCode.JavaFactory.class);
        assertThat(body.actor().needs().gpus()).isEqualTo(1);
    }

    private static final class Index implements Service {}

    @Test
    void aKeyedProcessHasAnInstanceForEachActor() {
        environment
                .fromRange(0, 9)
                .keyBy(n -> n % 3)
                .on(RayPool.python("m", "C").actors(4))
                .process("add", "totals", Long.class)
                .collect();
        Vertex process = environment.graph().vertices().get(1);
        assertThat(process.parallelism()).isEqualTo(4);
        assertThat(process.inputs().get(0).partitioning()).isInstanceOf(Partitioning.ByKey.class);
        assertThat(((Operator.KeyedOnRay) process.operator()).end()).contains("totals");
    }

    @Test
    void instancesAndActorsMustFit() {
        RayPool pool = RayPool.python("m", "C").actors(2);
        environment
                .fromRange(0, 9)
                .on(pool)
                .map("score", Long.class)
                .parallelism(3)
                .collect();
        refused(environment::graph, "'ray-map' has parallelism 3, and its pool 2 actors");
        RecordedGraph other = new RecordedGraph("keyed");
        other.fromRange(0, 9)
                .keyBy(n -> n)
                .on(pool)
                .process("add", Long.class)
                .parallelism(1)
                .collect();
        refused(other::graph, "one instance for each actor");
    }
}
