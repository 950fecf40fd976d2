namespace Rewas.EndToEnd.Tests.Page;

public sealed class PageBundleTests
{
    const int Lacking = 77;

    [Fact]
    public async Task The_committed_bundle_is_what_the_sources_give()
    {
        var outcome = await Programs.RunAsync("bash", [Path.Combine(Programs.RepositoryRoot, "scripts", "try-page.sh")]);
        Assert.SkipWhen(outcome.ExitCode == Lacking, outcome.Output.Trim());
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
    }
}
