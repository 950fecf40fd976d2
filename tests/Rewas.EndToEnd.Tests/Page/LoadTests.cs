namespace Rewas.EndToEnd.Tests.Page;

/// <summary>The page is small, and asks for little before it can be used.</summary>
public sealed class LoadTests
{
    const int MostBytes = 300 << 10;

    const string Usable = "document.querySelector('rewas-start input[type=file]') !== null";

    [Fact]
    public async Task The_first_load_is_below_300_KB_compressed_and_the_second_asks_for_the_page_alone()
    {
        using var bundle = new TinyBundle();
        using var served = await ServedStudio.StartAsync("--bundle", bundle.Bundle.Directory);
        await using var studio = await StudioBrowser.OpenAsync(served.Web);
        await studio.UntilAsync(Usable);
        var first = await LoadedAsync();
        Assert.InRange(first.Bytes, 10 << 10, MostBytes);
        await studio.Page.ReloadAsync();
        await studio.UntilAsync(Usable);
        var second = await LoadedAsync();
        Assert.True(second.Bytes < first.Bytes / 4, $"{second.Bytes} of {first.Bytes} bytes were loaded again");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{first.Bytes} bytes, then {second.Bytes}; interactive after {first.Interactive:0} ms, then {second.Interactive:0} ms");

        async Task<(int Bytes, double Interactive)> LoadedAsync()
        {
            var told = await studio.AskAsync(
                """
                (() => {
                    const page = performance.getEntriesByType("navigation")[0];
                    const all = [page, ...performance.getEntriesByType("resource")];
                    return [all.reduce((sum, one) => sum + one.transferSize, 0), page.domContentLoadedEventEnd];
                })()
                """);
            return (told[0].GetInt32(), told[1].GetDouble());
        }
    }
}
