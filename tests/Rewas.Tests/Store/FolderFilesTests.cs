using Microsoft.Extensions.Options;
using Rewas.Store.Files;
using Rewas.Store.Settings;

namespace Rewas.Tests.Store;

public sealed class FolderFilesTests
{
    [Fact]
    public async Task What_a_killed_process_was_storing_goes_at_the_next_start_and_what_a_living_one_stores_stays()
    {
        using var folder = new TemporaryFolder();
        var options = Options.Create(new StoreOptions { Folder = folder.File("store") });
        var source = folder.File("source");
        await File.WriteAllTextAsync(source, "x", TestContext.Current.CancellationToken);
        await new FolderFiles(options).StoreAsync("videos/a", source, TestContext.Current.CancellationToken);
        var (old, young) = (folder.File("store/incoming/old"), folder.File("store/incoming/young"));
        File.Copy(source, old);
        File.Copy(source, young);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow - TimeSpan.FromHours(2));

        var next = new FolderFiles(options);

        Assert.Equal([young], Directory.GetFiles(folder.File("store/incoming")));
        (await next.OpenAsync("videos/a", TestContext.Current.CancellationToken)).Dispose();
    }

    [Fact]
    public async Task A_store_that_is_broken_off_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var files = new FolderFiles(Options.Create(new StoreOptions { Folder = folder.File("store") }));
        await File.WriteAllTextAsync(folder.File("source"), "x", TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => files.StoreAsync("videos/a", folder.File("source"), new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFiles(folder.File("store"), "*", SearchOption.AllDirectories));
    }
}
