package dev.sage.runtime.process;

import dev.sage.api.ProcessService;
import dev.sage.api.SageException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A description with its placeholders filled in, checked for what would fail only inside of the new process. */
final class Program {
    private static final String CUDA_DEVICES = "CUDA_VISIBLE_DEVICES";
    private static final String CUDA_ORDER = "CUDA_DEVICE_ORDER";

    private final String name;
    private final ProcessBuilder builder;

    Program(ProcessService description, ProcessGrant grant) {
        List<String> command = new ArrayList<>();
        command.add(Platform.setsid().toString());
        description.command().forEach(argument -> command.add(filled(argument, grant)));
        this.name = command.get(1);
        this.builder = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        description.directory().ifPresent(folder -> builder.directory(folder.toFile()));
        Map<String, String> environment = builder.environment();
        String mark = ProcessMark.appended(environment, grant.mark().text());
        if (grant.gpusShared() || !grant.gpus().isEmpty()) {
            environment.put(CUDA_DEVICES, commaSeparated(grant.gpus()));
            // Else CUDA counts the fastest first, and its numbers are not those of nvidia-smi.
            environment.put(CUDA_ORDER, "PCI_BUS_ID");
        }
        description.environment().forEach((variable, value) -> environment.put(variable, filled(value, grant)));
        environment.put(ProcessMark.VARIABLE, mark);
        checkDirectory(description);
        checkExecutable(description.directory().orElse(Path.of("")));
    }

    String name() {
        return name;
    }

    Process start() {
        try {
            return builder.start();
        } catch (IOException e) {
            throw cannotStart(String.valueOf(e.getMessage()));
        }
    }

    private static String filled(String text, ProcessGrant grant) {
        String port = grant.ports().isEmpty() ? "" : grant.ports().get(0).toString();
        return text.replace("{port}", port)
                .replace("{ports}", commaSeparated(grant.ports()))
                .replace("{gpu}", commaSeparated(grant.gpus()));
    }

    private static String commaSeparated(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private void checkDirectory(ProcessService description) {
        description.directory().filter(folder -> !Files.isDirectory(folder)).ifPresent(folder -> {
            throw cannotStart("its directory " + folder + " " + (Files.exists(folder) ? "is none" : "does not exist")
                    + ". Create it, or name another.");
        });
    }

    private void checkExecutable(Path directory) {
        if (name.contains("/")) {
            Path file = directory.resolve(name);
            if (!Files.isRegularFile(file)) {
                throw cannotStart((Files.exists(file) ? file + " is no file." : "there is no file " + file + "."));
            }
            if (!Files.isExecutable(file)) {
                throw cannotStart(file + " is not executable. Maybe \"chmod +x\", or its interpreter before it.");
            }
        } else {
            String path = builder.environment().get("PATH");
            if (Platform.find(name, path).isEmpty()) {
                throw cannotStart(
                        "it was not found in PATH, which is " + path + ". Install it, or name it with its folder.");
            }
        }
    }

    private SageException cannotStart(String reason) {
        return new SageException("process.start", "Program '" + name + "' cannot be started: " + reason);
    }
}
