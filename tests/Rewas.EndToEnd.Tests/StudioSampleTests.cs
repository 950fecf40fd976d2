namespace Rewas.EndToEnd.Tests;

/// <summary>The sample clients of the studio against a served process.</summary>
public class StudioSampleTests
{
    const string Prompt = "a hammer striking metal";

    [Fact]
    public async Task The_client_in_CSharp_edits_hears_and_exports()
    {
        using var folder = new TestFolder();
        var port = Programs.FreePort();
        using var served = await ServiceProcess.ServeAsync(port);
        // From its own folder: here, beside web projects, it would lack what those have from their framework.
        var client = Path.Combine(Programs.RepositoryRoot, "samples", "studio", "csharp", "bin", "Release", "net10.0", "EditingTool.dll");
        var outcome = await Programs.RunAsync("dotnet", [client, $"http://127.0.0.1:{port}", Programs.Sample, Prompt, folder["out.mp4"]]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("heard 96000 of 96000 samples", outcome.Output, StringComparison.Ordinal);
        Assert.True(new FileInfo(folder["out.mp4"]).Length > new FileInfo(Programs.Sample).Length);
    }

    [Fact]
    public async Task The_client_in_Python_edits_hears_and_exports()
    {
        var modules = await Programs.RunAsync("python3", ["-c", "import grpc, grpc_tools"]);
        Assert.SkipUnless(modules.ExitCode == 0, "python3-grpcio or python3-grpc-tools is not installed");
        using var folder = new TestFolder();
        var sample = Path.Combine(Programs.RepositoryRoot, "samples", "studio", "python");
        var generated = await Programs.RunAsync(Path.Combine(sample, "generate.sh"), []);
        Assert.True(generated.ExitCode == 0, generated.Error);
        var port = Programs.FreePort();
        using var served = await ServiceProcess.ServeAsync(port);
        var outcome = await Programs.RunAsync("python3", [Path.Combine(sample, "editing_tool.py"), $"127.0.0.1:{port}", Programs.Sample, Prompt, folder["out.mp4"]]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("heard 96000 of 96000 samples", outcome.Output, StringComparison.Ordinal);
    }
}
