namespace Rewas.EndToEnd.Tests;

/// <summary>Runs the sample clients of the studio against a served process.</summary>
public class StudioSampleTests
{
    /// <summary>Exit code of generate.sh if packages are missing. The script names them.</summary>
    const int MissingPackages = 2;

    const string Prompt = "a hammer striking metal";

    /// <summary>Debian's own Python, which sees Debian's packages.</summary>
    const string Python = "/usr/bin/python3";

    [Fact]
    public async Task The_client_in_CSharp_edits_hears_and_exports()
    {
        using var folder = new TemporaryFolder();
        var port = Programs.FreePort();
        using var served = await ServiceProcess.ServeAsync(port);
        // Built from its own folder. Beside web projects it would lack what those get from their framework.
        var client =
            Path.Combine(Programs.RepositoryRoot, "samples", "editing-tool", "csharp", "bin", "Release", "net10.0", "EditingTool.dll");
        var outcome = await Programs.RunAsync("dotnet",
            [client, $"http://127.0.0.1:{port}", Programs.Sample, Prompt, folder.File("out.mp4")]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("heard 96000 of 96000 samples", outcome.Output, StringComparison.Ordinal);
        Assert.True(new FileInfo(folder.File("out.mp4")).Length > new FileInfo(Programs.Sample).Length);
    }

    [Fact]
    public async Task The_client_in_Python_does_the_same_through_the_gateway()
    {
        using var folder = new TemporaryFolder();
        var sample = Path.Combine(Programs.RepositoryRoot, "samples", "editing-tool", "python");
        Assert.SkipUnless(
            File.Exists(Python) && (await Programs.RunAsync(Python, ["-c", "import grpc"])).ExitCode == 0,
            "python3-grpcio is not installed");
        var generated = await Programs.RunAsync(Path.Combine(sample, "generate.sh"), []);
        Assert.SkipWhen(generated.ExitCode == MissingPackages, generated.Error.Trim());
        Assert.True(generated.ExitCode == 0, generated.Error);
        using var served = await ServiceProcess.ServeAsync(Programs.FreePort());
        string[] routes = ["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "Vocoder", "SoundStudio"];
        using var gateway = await ServiceProcess.StartAsync(
            "Rewas.Gateway", Programs.FreePort(), [.. routes.Select(route => $"--Gateway:Stages:{route}:0={served.Address}")]);
        var outcome = await Programs.RunAsync(
            Python,
            [Path.Combine(sample, "editing_tool.py"), new Uri(gateway.Address).Authority, Programs.Sample, Prompt, folder.File("out.mp4")]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("heard 96000 of 96000 samples", outcome.Output, StringComparison.Ordinal);
        Assert.True(new FileInfo(folder.File("out.mp4")).Length > new FileInfo(Programs.Sample).Length);
    }
}
