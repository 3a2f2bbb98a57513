package dev.sage.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RayInstallationTest {
    @TempDir
    Path folder;

    @Test
    void anInterpreterTellsItsRayAndWhereTheJarsAre() throws Exception {
        Path jar = Files.createDirectories(folder.resolve("ray/jars")).resolve("ray_dist.jar");
        Files.createFile(jar);
        RayInstallation found = RayInstallation.find(python("echo 2.60.0; echo " + folder.resolve("ray")));
        assertThat(found.version()).isEqualTo("2.60.0");
        assertThat(found.jars()).containsExactly(jar);
    }

    @Test
    void modulesOfTheFolderThatWeAreInAreNotTakenForThoseOfPython() throws Exception {
        Path python = python("echo in $PWD; exit 1");
        assertThatThrownBy(() -> RayInstallation.find(python)).hasMessageContaining("it wrote last: in /");
        assertThatThrownBy(() -> RayInstallation.find(python))
                .hasMessageNotContaining(Path.of("").toAbsolutePath().toString());
    }

    @Test
    void aPythonThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> RayInstallation.find(folder.resolve("none/python")))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("There is no Python " + folder.resolve("none/python"))
                .hasMessageContaining("--python");
    }

    @Test
    void aPythonWithoutRayIsToldHowToGetIt() throws Exception {
        Path python = python("exit 3");
        assertThatThrownBy(() -> RayInstallation.find(python))
                .isInstanceOf(SageException.class)
                .hasMessageContaining(python + " has no Ray")
                .hasMessageContaining("-m pip install ray==" + RayInstallation.PINNED);
    }

    @Test
    void whatIsNoPythonIsQuoted() throws Exception {
        Path python = python("echo 'I am a teapot'; exit 1");
        assertThatThrownBy(() -> RayInstallation.find(python))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("could not tell of its Ray: exit code 1; it wrote last: I am a teapot");
    }

    @Test
    void aRayWithoutJarsIsRefused() throws Exception {
        Path ray = Files.createDirectories(folder.resolve("ray"));
        Path python = python("echo 2.60.0; echo " + ray);
        assertThatThrownBy(() -> RayInstallation.find(python))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("has no jars in " + ray.resolve("jars"));
    }

    private Path python(String script) throws IOException {
        Path file = folder.resolve("python");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }
}
