package dev.sage.runtime.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GPUs by a scripted {@code nvidia-smi}, ports by real sockets. */
class LeasesTest {
    private static final String IDLE = "0, GPU-a, 3\n1, GPU-b, 0\n";

    @TempDir
    private Path folder;

    private Ledger ledger;

    @BeforeEach
    void open() throws IOException {
        ledger = Ledger.open(new SageHome(folder.resolve("home")));
        Files.createDirectory(folder.resolve("bin"));
        gpus(IDLE);
        programs("");
        nvidiaSmi("case \"$1\" in --query-gpu=*) cat " + folder + "/gpus;; *) cat " + folder + "/programs;; esac");
    }

    @AfterEach
    void nothingIsHeld() {
        assertThat(ledger.entries()).isEmpty();
        ledger.close();
    }

    @Test
    void lockFolderWhoseMakerWasKilledBeforeItWasOpenToAllIsOpened() throws Exception {
        Path locks = settings(Duration.ofSeconds(1), false).lockFolder();
        Files.createDirectory(
                locks, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertThat(leases().notFree(List.of(new Resource.Gpu(0)))).isEmpty();
        assertThat((int) Files.getAttribute(locks, "unix:mode") & 07777).isEqualTo(01777);
    }

    @Test
    void leaseIsInTheLedgerForAsLongAsItIsHeld() throws Exception {
        int port = PortProbe.free();
        Lease lease = granted(leases().acquire("job", 3, List.of(new Want("a", List.of(1, 0), List.of(port), 1))));
        assertThat(lease.gpus()).containsExactly(1, 0);
        assertThat(lease.ports()).hasSize(2).startsWith(port).doesNotHaveDuplicates();
        assertThat(ledger.entries()).extracting(LedgerEntry::resource).containsExactlyElementsOf(lease.held());
        assertThat(ledger.entries())
                .allMatch(entry -> entry.epoch() == 3 && entry.holder().equals("a"));
        assertThat(leases().release(lease)).isEmpty();
        assertThat(lease.held()).isEmpty();
        assertThat(leases().release(lease)).isEmpty();
    }

    @Test
    void allOrNothingAndEachThatStoodInTheWayIsNamed() throws Exception {
        gpus("0, GPU-a, 3\n1, GPU-b, 40000\n");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Acquisition.Refused refused = (Acquisition.Refused) leases().acquire(
                            "job", 1, List.of(new Want("a", List.of(0, 1, 2), List.of(taken.getLocalPort()), 0)));
            assertThat(refused.refusals())
                    .containsExactlyInAnyOrder(
                            new Refusal(
                                    new Resource.Port(taken.getLocalPort()), "cannot be bound: Address already in use"),
                            new Refusal(
                                    new Resource.Gpu(1),
                                    "has 40000 MiB of its memory in use, and an idle one at most 100 MiB"),
                            new Refusal(new Resource.Gpu(2), "is unknown to 'nvidia-smi', which lists [0, 1]"));
        }
        give(leases(), 0);
    }

    @Test
    void environmentsOfOneJvmDoNotShareAGpu() throws Exception {
        Lease lease = granted(acquire(leases(), 0));
        assertThat(reason(acquire(leases(), 0))).startsWith("is held by job 'job' of Sage instance");
        assertThat(leases().release(lease)).isEmpty();
        give(leases(), 0);
    }

    @Test
    void onlyItsOwnLeaseReleasesAGpuNotThatOfAnEarlierAttempt() throws Exception {
        Leases leases = leases();
        Lease early = granted(leases.acquire("job", 1, List.of(new Want("a", List.of(0), List.of(), 0))));
        leases.release(early);
        Lease late = granted(leases.acquire("job", 2, List.of(new Want("a", List.of(0), List.of(), 0))));
        assertThat(leases.release(early)).isEmpty();
        assertThat(ledger.entries()).extracting(LedgerEntry::epoch).containsExactly(2);
        assertThat(reason(acquire(leases, 0))).startsWith("is held by");
        leases.release(late);
    }

    @Test
    void gpuOnWhichAProgramComputesIsNotIdle() throws Exception {
        programs("GPU-b, 4711, 10\nGPU-b, 4712, [N/A]\n");
        assertThat(reason(acquire(leases(), 1))).isEqualTo("is in use by process 4711, 4712");
        give(leases(), 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'NVIDIA-SMI has failed because it could not communicate'; exit 9",
                "echo 'No devices were found'",
                "echo '0, GPU-a, [N/A]'",
                "echo '0, GPU-a'",
                "echo 'x, y, z'",
                "true",
                "kill -9 $$"
            })
    void gpuThatIsNotKnownToBeIdleIsNotGiven(String script) throws Exception {
        nvidiaSmi(script);
        assertThat(reason(acquire(leases(), 0)))
                .containsPattern("is not known to be idle: '.*nvidia-smi' |is unknown to");
    }

    @Test
    void commandThatHangsIsEndedAndNoGpuGiven() throws Exception {
        nvidiaSmi("sleep 300 & echo $! > " + folder + "/pid; wait");
        assertThat(reason(acquire(new Leases(settings(Duration.ofSeconds(1), true), ledger, mark -> List.of()), 0)))
                .contains("did not end within PT1S");
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        ProcessHandle.of(pid)
                .ifPresent(
                        sleep -> sleep.onExit().orTimeout(20, TimeUnit.SECONDS).join());
    }

    @Test
    void withoutTheCommandGpusAreGivenOnlyWhereThatIsAllowed() throws Exception {
        Files.delete(folder.resolve("bin/nvidia-smi"));
        assertThat(reason(acquire(leases(), 0)))
                .contains("there is no 'nvidia-smi' in '" + folder.resolve("bin") + "'");
        give(new Leases(settings(Duration.ofSeconds(20), false), ledger, mark -> List.of()), 0);
    }

    @Test
    void gpuIsGivenOnWhenItsMemoryIsFree() throws Exception {
        Leases leases = leases();
        Lease lease = granted(acquire(leases, 0));
        // The third look sees it free.
        nvidiaSmi("case \"$1\" in --query-gpu=*) echo x >> " + folder + "/looks;" + " [ $(wc -l < " + folder
                + "/looks) -ge 3 ] && echo '0, GPU-a, 0' || echo '0, GPU-a, 9000';; esac");
        assertThat(leases.release(lease)).isEmpty();
        assertThat(Files.readAllLines(folder.resolve("looks"))).hasSize(3);
    }

    @Test
    void gpuWhoseMemoryIsNotFreedStaysHeldAndCanBeReleasedLater() throws Exception {
        Leases leases = new Leases(shortWait(), ledger, mark -> List.of());
        Lease lease = granted(acquire(leases, 0, 1));
        gpus("0, GPU-a, 9000\n1, GPU-b, 0\n");
        assertThat(leases.release(lease)).extracting(Refusal::resource).containsExactly(new Resource.Gpu(0));
        assertThat(ledger.entries()).extracting(LedgerEntry::resource).containsExactly(new Resource.Gpu(0));
        give(leases, 1);
        assertThat(reason(acquire(leases, 0))).startsWith("is held by");
        gpus(IDLE);
        assertThat(leases.release(lease)).isEmpty();
    }

    @Test
    void portThatIsStillBoundStaysHeld() throws Exception {
        Leases leases = leases();
        Lease lease = granted(leases.acquire("job", 1, List.of(new Want("a", List.of(), List.of(), 1))));
        int port = lease.ports().get(0);
        try (ServerSocket bound = new ServerSocket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            assertThat(leases.release(lease)).extracting(Refusal::resource).containsExactly(new Resource.Port(port));
        }
        assertThat(leases.release(lease)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::1", "::"})
    void portThatIsListenedOnAnywhereIsBusy(String address) throws Exception {
        try (ServerSocket bound = new ServerSocket()) {
            try {
                bound.bind(new InetSocketAddress(InetAddress.getAllByName(address)[0], 0));
            } catch (IOException noIpv6) {
                Assumptions.abort("This machine has no " + address);
            }
            assertThat(PortProbe.busy(bound.getLocalPort())).isPresent();
        }
    }

    @Test
    void manyAtOnceAreNeverGivenTheSamePort() throws Exception {
        List<CompletableFuture<Lease>> takers = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return granted(leases().acquire("job" + i, 1, List.of(new Want("a", List.of(), List.of(), 4))));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        List<Lease> held = takers.stream().map(CompletableFuture::join).toList();
        assertThat(held.stream().flatMap(lease -> lease.ports().stream()))
                .hasSize(64)
                .doesNotHaveDuplicates();
        for (Lease lease : held) {
            assertThat(leases().release(lease)).isEmpty();
        }
    }

    @Test
    void whatIsNotFreeIsToldWithoutBeingTaken() throws Exception {
        gpus("0, GPU-a, 3\n1, GPU-b, 40000\n");
        assertThat(leases().notFree(List.of(new Resource.Gpu(0), new Resource.Gpu(1))))
                .extracting(Refusal::resource)
                .containsExactly(new Resource.Gpu(1));
        give(leases(), 0);
    }

    @Test
    void interruptedOneHoldsNothing() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> acquire(leases(), 0)).isInstanceOf(InterruptedException.class);
        give(leases(), 0);
    }

    @Test
    void whereTheLedgerCannotBeWrittenNothingIsHeld() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (Ledger broken = Ledger.open(new SageHome(file))) {
            assertThatThrownBy(() ->
                            acquire(new Leases(settings(Duration.ofSeconds(20), true), broken, mark -> List.of()), 0))
                    .isInstanceOf(SageException.class);
        }
        give(leases(), 0);
    }

    @Test
    void locksAreThereForAllUsersAndNoLinkIsFollowed() throws Exception {
        give(leases(), 0);
        assertThat((int) Files.getAttribute(folder.resolve("locks"), "unix:mode") & 07777)
                .isEqualTo(01777);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("locks/gpu-0.lock"))))
                .isEqualTo("rw-rw-rw-");
        Path target = Files.writeString(folder.resolve("target"), "mine");
        Files.createSymbolicLink(folder.resolve("locks/gpu-1.lock"), target);
        assertThat(reason(acquire(leases(), 1))).startsWith("its lock '");
        assertThat(target).hasContent("mine");
    }

    private static Acquisition acquire(Leases leases, Integer... gpus) throws InterruptedException {
        return leases.acquire("job", 1, List.of(new Want("a", List.of(gpus), List.of(), 0)));
    }

    private static void give(Leases leases, Integer... gpus) throws InterruptedException {
        assertThat(leases.release(granted(acquire(leases, gpus)))).isEmpty();
    }

    private static Lease granted(Acquisition acquisition) {
        assertThat(acquisition).isInstanceOf(Acquisition.Granted.class);
        return ((Acquisition.Granted) acquisition).leases().get(0);
    }

    private static String reason(Acquisition acquisition) {
        assertThat(acquisition).isInstanceOf(Acquisition.Refused.class);
        return ((Acquisition.Refused) acquisition).refusals().get(0).reason();
    }

    private Leases leases() {
        return new Leases(settings(Duration.ofSeconds(20), true), ledger, mark -> List.of());
    }

    private LeaseSettings settings(Duration within, boolean required) {
        return new LeaseSettings(
                folder.resolve("locks"),
                "nvidia-smi",
                folder.resolve("bin").toString(),
                required,
                within,
                100,
                Duration.ofSeconds(30));
    }

    private LeaseSettings shortWait() {
        LeaseSettings one = settings(Duration.ofSeconds(20), true);
        return new LeaseSettings(
                one.lockFolder(),
                one.gpuCommand(),
                one.searchPath(),
                true,
                one.gpuCommandWithin(),
                100,
                Duration.ofMillis(200));
    }

    private void gpus(String lines) throws IOException {
        Files.writeString(folder.resolve("gpus"), lines);
    }

    private void programs(String lines) throws IOException {
        Files.writeString(folder.resolve("programs"), lines);
    }

    private void nvidiaSmi(String script) throws IOException {
        Path file = folder.resolve("bin/nvidia-smi");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
