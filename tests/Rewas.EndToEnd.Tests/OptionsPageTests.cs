using Rewas.Cli.Output;

namespace Rewas.EndToEnd.Tests;

public class OptionsPageTests
{
    [Fact]
    public async Task The_page_of_options_in_docs_is_the_one_that_the_command_prints()
    {
        var printed = await Programs.RewasAsync("options");
        Assert.Equal((0, OptionsPage.Markdown()), (printed.ExitCode, printed.Output.ReplaceLineEndings("\n")));
        Assert.Equal(
            OptionsPage.Markdown(),
            (await File.ReadAllTextAsync(
                Path.Combine(Programs.RepositoryRoot, "docs", "options.md"),
                TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"));
    }
}
