package dev.sage.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import dev.sage.api.spi.RayControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a Python of shell scripts: the real one downloads. */
@Tag("any-java")
class RayInstallerTest {
    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();

    private final RayControl.Progress progress = new RayControl.Progress() {
        @Override
        public void step(String what) {
            told.add(what);
        }

        @Override
        public void downloaded(long bytes, long total) {
            told.add(bytes + "/" + total);
        }
    };

    @Test
    void rayIsInstalledOnceAndItsDownloadIsTold() throws Exception {
        python3(
                "echo 'Collecting ray'; echo '  Downloading ray-2.60.0.whl (78.6 MB)'; echo '  Downloading idna.whl (66 kB)'; echo 'Progress 5 of 74'");
        RayInstallation installed = installer(Duration.ofSeconds(30)).installed(progress);
        assertThat(installed.version()).isEqualTo("2.60.0");
        assertThat(installed.python()).isEqualTo(home().resolve("ray/venv-ray-2.60.0/bin/python"));
        assertThat(told).hasSize(4);
        assertThat(told.get(0)).contains("Installing Ray 2.60.0 into " + home().resolve("ray/venv-ray-2.60.0"));
        assertThat(told.subList(1, 4))
                .containsExactly("Downloading ray-2.60.0.whl (78.6 MB).", "5/74", "Ray 2.60.0 is installed.");
        told.clear();
        assertThat(installer(Duration.ofSeconds(30)).installed(progress)).isEqualTo(installed);
        assertThat(told).isEmpty();
    }

    @Test
    void withoutPythonTheErrorSaysSoAndWhereItLooked() {
        assertThatThrownBy(() -> installer(Duration.ofSeconds(30)).installed(progress))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("Ray 2.60.0 cannot be installed: there is no python3 on the PATH, which is "
                        + folder.resolve("bin"));
    }

    @Test
    void withoutAPackageIndexTheErrorQuotesPipAndNothingIsLeft() throws Exception {
        python3("echo 'WARNING: Retrying (Retry(total=0)) after connection broken';"
                + " echo 'ERROR: No matching distribution found for ray==2.60.0'; exit 1");
        assertThatThrownBy(() -> installer(Duration.ofSeconds(30)).installed(progress))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("pip could not get it: exit code 1")
                .hasMessageContaining("No matching distribution found for ray==2.60.0")
                .hasMessageNotContaining("Retrying")
                .hasMessageContaining("Maybe the package index cannot be reached");
        try (Stream<Path> left = Files.list(home().resolve("ray"))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("venv.lock");
        }
    }

    @Test
    void anInstallationThatTakesTooLongIsEnded() throws Exception {
        python3("exec sleep 600");
        assertThatThrownBy(() -> installer(Duration.ofSeconds(3)).installed(progress))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("longer than sage.ray.install-within, which is 3 s");
    }

    @Test
    void whatAKilledInstallationLeftIsRemovedByTheNext() throws Exception {
        Path abandoned = Files.createDirectories(home().resolve("ray/making-123/lib"));
        python3("true");
        installer(Duration.ofSeconds(30)).installed(progress);
        assertThat(abandoned).doesNotExist();
    }

    private Path home() {
        return folder.resolve("home");
    }

    private RayInstaller installer(Duration within) {
        return new RayInstaller(home(), folder.resolve("bin").toString(), within);
    }

    /** Whose {@code -m venv DIR} makes one with a pip that does as told when it is asked for Ray. */
    private void python3(String install) throws IOException {
        Path ray = Files.createDirectories(folder.resolve("ray"));
        Files.createFile(Files.createDirectories(ray.resolve("jars")).resolve("ray_dist.jar"));
        Path made =
                script("made", "case \"$*\" in *ray==*) " + install + ";; -c*) echo 2.60.0; echo " + ray + ";; esac");
        script("python3", "mkdir -p \"$3/bin\" && cp " + made + " \"$3/bin/python\"");
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }
}
