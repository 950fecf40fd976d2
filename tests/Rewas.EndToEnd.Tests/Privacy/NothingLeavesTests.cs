using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Rewas.EndToEnd.Tests.Privacy;

/// <summary>Checks what SECURITY.md says about what leaves the machine and what stays on it, for every host, as a user starts it.</summary>
public sealed class NothingLeavesTests
{
    /// <summary>The platform's only folder in a user's home.</summary>
    const string OwnFolder = ".local/share/rewas";

    static readonly string Generate = $"rewas generate '{Programs.Sample}' --prompt 'a hammer striking metal' --steps 2 -o out.mp4";

    [Fact]
    public async Task Generate_and_the_commands_that_look_at_a_video()
    {
        var visit = await RunAsync($"""
            {Generate} --wav
            rewas energy '{Programs.Sample}' -o curve.csv --plot curve.png
            rewas caption '{Programs.Sample}'
            rewas check '{Programs.Sample}' --prompt 'heavy rain'
            rewas doctor
            rewas models list
            """);
        Assert.Equal(["curve.csv", "curve.png", "out.mp4", "out.mp4.json", "out.wav"], visit.Work);
    }

    [Fact]
    public async Task Serve()
    {
        var visit = await RunAsync($"""
            dotnet '{Programs.Dll("rewas")}' serve & host=$!
            listening 5100 $host
            {Generate} --gateway http://127.0.0.1:5100
            kill $host; wait $host
            """);
        Assert.Equal(["out.mp4", "out.mp4.json"], visit.Work);
    }

    [Fact]
    public async Task Batch()
    {
        var visit = await RunAsync($"""
            cp '{Programs.Sample}' hammer.mp4
            printf 'file,prompt\nhammer.mp4,a hammer\n' > films.csv
            rewas batch films.csv -o out --steps 2
            """);
        Assert.Equal(["films.csv", "hammer.mp4", "out"], visit.Work.Where(path => !path.StartsWith("out/", StringComparison.Ordinal)));
        Assert.Contains("out/hammer.mp4", visit.Work);
        Assert.All(
            visit.Work.Where(path => path.StartsWith("out/.", StringComparison.Ordinal)),
            path => Assert.StartsWith("out/.rewas-jobs", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sounds()
    {
        var visit = await RunAsync("""
            mkdir sounds
            ffmpeg -loglevel error -f lavfi -i anoisesrc=d=1 sounds/rain.flac
            rewas sounds index sounds
            rewas sounds search rain
            rewas sounds list
            """);
        Assert.Equal(["sounds", "sounds/rain.flac"], visit.Work);
    }

    [Fact]
    public async Task Chat()
    {
        var visit = await RunAsync($"printf 'add the sound of a hammer striking metal\\n\\n' | rewas chat '{Programs.Sample}'");
        Assert.NotEmpty(visit.Work);
        Assert.All(visit.Work, path => Assert.StartsWith("hammer-", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_service_and_the_gateway_in_front_of_them()
    {
        string[] stages = ["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "Vocoder"];
        string[] others = ["Agent", "SoundStudio", "Jobs", "SoundLibrary"];
        var visit = await RunAsync($$"""
            hosts=()
            start() {
                dotnet "{{AppContext.BaseDirectory}}Rewas.$1.dll" --Rewas:Listen=http://127.0.0.1:$2 --Rewas:ShareBetweenCallers=true \
                    "${@:3}" & hosts+=($!)
            }
            port=5200
            for stage in {{string.Join(' ', stages)}} {{string.Join(' ', others)}}; do start $stage $port; port=$((port + 1)); done
            start Gateway 5100 {{string.Join(' ', stages.Select((stage, i) => $"--Gateway:Stages:{stage}:0=http://127.0.0.1:{5200 + i}"))}}
            for i in {0..7}; do listening $((5200 + i)) ${hosts[$i]}; done
            listening 5100 ${hosts[8]}
            {{Generate}} --gateway http://127.0.0.1:5100
            for host in "${hosts[@]}"; do kill $host; done
            for host in "${hosts[@]}"; do wait $host; done
            """);
        Assert.Equal(["out.mp4", "out.mp4.json"], visit.Work);
    }

    [Fact]
    public async Task Train()
    {
        var trainer = Path.Combine(Programs.RepositoryRoot, "training", "Trainer", "bin", "Release", "net10.0", "rewas-train.dll");
        Assert.SkipUnless(File.Exists(trainer), "the trainer is not built here: ./rewas train builds it when it is first asked for");
        var visit = await RunAsync($"""
            configs='{Programs.RepositoryRoot}/training/configs'
            sed -E 's/"(steps|batch|poolClips)": [0-9]+/"\1": 1/g; s/"evaluateEvery": [0-9]+/"evaluateEvery": 0/' \
                "$configs/rewas-mini.json" > one-step.json
            # Without the pipes for debuggers, which .NET removes only when a program ends by itself.
            DOTNET_EnableDiagnostics=0 dotnet '{trainer}' vocoder --config one-step.json --run run --captions "$configs/captions.json" \
                --unseen-captions "$configs/held-out-captions.json" & trainer=$!
            # The step is done and stored. What is measured after it takes minutes.
            until [ -e run/vocoder/step.txt ]; do kill -0 $trainer; sleep 0.2; done
            kill $trainer || true
            wait $trainer || true
            """);
        Assert.Contains("run/vocoder/step.txt", visit.Work);
        Assert.All(visit.Work.Except(["one-step.json", "run"]), path => Assert.StartsWith("run/", path, StringComparison.Ordinal));
    }

    /// <summary>Without this test, the tests above would pass with counters that count nothing.</summary>
    [Fact]
    public async Task A_question_for_a_name_and_a_connection_to_another_machine_are_seen()
    {
        using var machine = new SealedMachine();
        var visit = await machine.RunAsync("""
            if getent hosts telemetry.example.org; then exit 1; fi
            if (exec 3<>/dev/tcp/192.0.2.1/443) 2>/dev/null; then exit 1; fi
            """);
        Assert.True(visit.Network.Datagrams > 0, visit.Network.ToString());
        Assert.True(visit.Network.Unreachable > 0, visit.Network.ToString());
    }

    /// <summary>Any other assembly could load the native library before its telemetry is off.</summary>
    [Fact]
    public void One_assembly_refers_to_ONNX_Runtime()
    {
        // The sentence encoder's package is no assembly of the program. It is a file from which weights are read.
        var program = File.ReadAllText(Programs.Dll("rewas").Replace(".dll", ".deps.json", StringComparison.Ordinal));
        var referring = Directory.GetFiles(AppContext.BaseDirectory, "*.dll")
            .Where(path =>
                program.Contains(Path.GetFileName(path), StringComparison.Ordinal)
                    && References(path).Contains("Microsoft.ML.OnnxRuntime")).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(["Rewas.Networks.Onnx"], referring);
    }

    static async Task<Visit> RunAsync(string script)
    {
        using var machine = new SealedMachine();
        var visit = await machine.RunAsync(script);
        Assert.DoesNotContain(
            visit.Home,
            path => !OwnFolder.StartsWith(path, StringComparison.Ordinal) && !path.StartsWith(OwnFolder + "/", StringComparison.Ordinal));
        Assert.Empty(visit.Temporary);
        Assert.Equal(NetworkCounters.None, visit.Network);
        return visit;
    }

    static HashSet<string> References(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata)
            return [];                                                       // a native library
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
