using System.Diagnostics;
using System.Globalization;
using Rewas.Bundles.Import;

namespace Rewas.EndToEnd.Tests;

[CollectionDefinition(nameof(PublishedSizeTests), DisableParallelization = true)]
public class AloneOnTheMachine;

/// <summary>
/// Published checkpoints at their published size: files in their layout with generated weights are imported and used on a real video.
/// </summary>
[Collection(nameof(PublishedSizeTests))]
[Trait("Category", "FullSize")]
public sealed class PublishedSizeTests(ITestOutputHelper output)
{
    const long Mebibyte = 1 << 20;

    /// <summary>The checkpoints take 5,110 MiB and the bundle made of them 4,030.</summary>
    const long DiskNeeded = 9300 * Mebibyte;

    [Fact]
    public async Task Checkpoints_of_the_published_size_are_imported_and_make_sound()
    {
        using var folder = new TemporaryFolder();
        var free = new DriveInfo(folder.Path).AvailableFreeSpace;
        Assert.SkipWhen(free < DiskNeeded, $"needs {DiskNeeded / Mebibyte} MiB of disk, but {free / Mebibyte} MiB are free");
        var networks = PublishedNetwork.All;
        PublishedLayout.WriteRewas(folder.File("rewas.ckpt"), networks);
        PublishedLayout.WritePhi(folder.File("phi.ckpt"), networks);
        PublishedLayout.WriteSynchformer(folder.File("synchformer.pt"), networks);
        var largest = new FileInfo(folder.File("rewas.ckpt")).Length;

        var import = await MeasuredAsync(
        [
            "models", "import",
            "--rewas", folder.File("rewas.ckpt"),
            "--phi", folder.File("phi.ckpt"),
            "--synchformer", folder.File("synchformer.pt"),
            "--tokenizer", Path.Combine(Programs.RepositoryRoot, "tests", "fixtures", "tokenizer"),
            "-o", folder.File("rewas-vggsound"),
        ]);
        output.WriteLine(
            $"import: {import.Seconds:F0} s, largest file {largest / Mebibyte} MiB, at most {import.Peak / Mebibyte} MiB resident");
        foreach (var file in (string[])["rewas.ckpt", "phi.ckpt", "synchformer.pt"])
            File.Delete(folder.File(file));
        Assert.InRange(import.Peak, 0, (long)(1.3 * largest));

        // The diffusion service runs alone, so that its memory can be measured.
        var port = Programs.FreePort();
        var clock = Stopwatch.StartNew();
        using (var service = await ServiceProcess.StartAsync("Rewas.AudioDiffusion", port,
            $"--Rewas:Bundle={folder.File("rewas-vggsound")}"))
        {
            output.WriteLine($"AudioDiffusion: serving after {clock.Elapsed.TotalSeconds:F1} s");
            using var video =
                await ServiceProcess.StartAsync("Rewas.VideoEncoder", Programs.FreePort(),
                    $"--Rewas:Bundle={folder.File("rewas-vggsound")}");
            using var energy =
                await ServiceProcess.StartAsync("Rewas.EnergyPredictor", Programs.FreePort(),
                    $"--Rewas:Bundle={folder.File("rewas-vggsound")}");
            using var vocoder =
                await ServiceProcess.StartAsync("Rewas.Vocoder", Programs.FreePort(), $"--Rewas:Bundle={folder.File("rewas-vggsound")}");
            using var gateway = await ServiceProcess.StartAsync(
                "Rewas.Gateway",
                Programs.FreePort(),
                $"--Gateway:Stages:VideoEncoder:0={video.Address}",
                $"--Gateway:Stages:EnergyPredictor:0={energy.Address}",
                $"--Gateway:Stages:AudioDiffusion:0={service.Address}",
                $"--Gateway:Stages:Vocoder:0={vocoder.Address}");
            var loaded = Memory(service.Id);
            var made = await Programs.RewasAsync("generate", Programs.Sample, "--prompt", "a hammer striking wood",
                "--steps", "5", "--gateway", gateway.Address, "-o", folder.File("out.mp4"), "--json");
            Assert.True(made.ExitCode == 0, made.Error);
            var weights = ((string[])["text_encoder", "denoiser", "mel_encoder", "mel_decoder"])
                .Sum(n => new FileInfo(Path.Combine(folder.File("rewas-vggsound"), n + ".safetensors")).Length);
            var used = Memory(service.Id);
            output.WriteLine(
                $"AudioDiffusion: weights {weights / Mebibyte} MiB, resident {loaded.Peak / Mebibyte} MiB at most while loading, "
                + $"{loaded.Now / Mebibyte} MiB when loaded, {used.Peak / Mebibyte} MiB at most in all");
            Assert.InRange(used.Peak, 0, (long)(1.2 * weights) + 512 * Mebibyte);                      // activations in the second term
            Assert.True(new FileInfo(folder.File("out.mp4")).Length > 0);
        }
    }

    /// <summary>
    /// The whole of Synchformer is imported, and the common benchmark judges two films with it. The networks of the bundle that makes the
    /// sound, the decoded films and ONNX Runtime take less than the allowance beside Synchformer's weights.
    /// </summary>
    [Fact]
    public async Task The_whole_of_Synchformer_judges_films_in_memory_that_is_bounded_by_its_weights()
    {
        const long BesideWeights = 1536 * Mebibyte;
        using var folder = new TemporaryFolder();
        using var clips = new ClipFolder();
        PublishedLayout.WriteWholeSynchformer(folder.File("sync.pt"), PublishedNetwork.All);
        var file = new FileInfo(folder.File("sync.pt")).Length;
        var import = await MeasuredAsync(["models", "import", "--sync", folder.File("sync.pt"), "-o", folder.File("sync")]);
        output.WriteLine($"import of {file / Mebibyte} MiB: {import.Seconds:F0} s, at most {import.Peak / Mebibyte} MiB resident");
        File.Delete(folder.File("sync.pt"));
        var films = Directory.CreateDirectory(folder.File("films")).FullName;
        foreach (var (name, rate) in new[] { ("one", 25), ("two", 30) })
            File.Copy(
                clips.Make(
                    $"{name}.mp4", $"testsrc2=size=320x240:rate={rate}:duration=8", "-f", "lavfi", "-i", "anoisesrc=d=8:r=16000:a=0.2",
                    "-c:v", "libx264", "-c:a", "aac", "-shortest"),
                Path.Combine(films, $"{name}.mp4"));
        await File.WriteAllTextAsync(
            Path.Combine(films, "prompts.csv"), "one.mp4,rain\ntwo.mp4,wind\n", TestContext.Current.CancellationToken);

        var table = await MeasuredAsync(
            Evaluate, "table2", "--dataset", $"folder:{films}", "--features", folder.File("sync"), "-o", folder.File("table2"));
        var weights = ((string[])["sync_video", "synchformer"])
            .Sum(network => new FileInfo(Path.Combine(folder.File("sync"), network + ".safetensors")).Length);
        output.WriteLine(
            $"table2 of two films: {table.Seconds:F0} s, weights {weights / Mebibyte} MiB, at most {table.Peak / Mebibyte} MiB resident");
        Assert.InRange(table.Peak, 0, weights + BesideWeights);
        var rows = await File.ReadAllLinesAsync(
            Path.Combine(folder.File("table2"), "table2.md"), TestContext.Current.CancellationToken);
        output.WriteLine(string.Join('\n', rows));
        var deSync = Array.FindIndex(rows[0].Split('|'), cell => cell.Trim().StartsWith("DeSync", StringComparison.Ordinal));
        var ours = rows.Single(row => row.StartsWith("| ours |", StringComparison.Ordinal)).Split('|')[deSync].Trim();
        Assert.InRange(double.Parse(ours.Split(' ')[0], CultureInfo.InvariantCulture), 0, 2);
    }

    static string Evaluate => Path.Combine(
        Programs.RepositoryRoot, "evaluation", "Rewas.Evaluation", "bin", "Release", "net10.0", "rewas-evaluate.dll");

    static Task<(double Seconds, long Peak)> MeasuredAsync(string[] arguments) => MeasuredAsync(Programs.Dll("rewas"), arguments);

    static async Task<(double Seconds, long Peak)> MeasuredAsync(string program, params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Programs.Start("dotnet", [program, .. arguments]);
        var (text, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var peak = 0L;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, Memory(process.Id).Peak);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.True(process.ExitCode == 0, await text + await error);
        return (clock.Elapsed.TotalSeconds, peak);
    }

    /// <summary>Resident memory of a process in bytes: its peak and now. Mapped files count as far as they are in memory.</summary>
    static (long Peak, long Now) Memory(int process)
    {
        try
        {
            var lines = File.ReadAllLines($"/proc/{process}/status");
            return (Of("VmHWM:"), Of("VmRSS:"));
            long Of(string name) =>
                lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
                    ? long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10
                    : 0;
        }
        catch (IOException)
        {
            return (0, 0);                                                   // it has just ended
        }
    }
}
