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

    [Fact]
    public async Task A_folder_goes_with_its_last_file()
    {
        using var folder = new TemporaryFolder();
        var files = new FolderFiles(Options.Create(new StoreOptions { Folder = folder.File("store") }));
        var token = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(folder.File("source"), "x", token);
        foreach (var key in (string[])["studio/one/a", "studio/one/b", "studio/two/a"])
            await files.StoreAsync(key, folder.File("source"), token);

        await files.DeleteAsync("studio/two/a", token);
        await files.DeleteAsync("studio/one/a", token);
        Assert.Equal([folder.File("store/files/studio/one")], Directory.GetDirectories(folder.File("store/files/studio")));

        await files.DeleteAsync("studio/one/b", token);
        await files.DeleteAsync("studio/one/b", token);                      // a sweep may come twice
        Assert.Empty(Directory.GetFileSystemEntries(folder.File("store/files")));
    }

    [Fact]
    public async Task Files_are_stored_while_others_of_their_folder_are_deleted()
    {
        using var folder = new TemporaryFolder();
        var files = new FolderFiles(Options.Create(new StoreOptions { Folder = folder.File("store") }));
        var token = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(folder.File("source"), "x", token);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(
            async () =>
            {
                for (var i = 0; i < 300; i++)
                {
                    await files.StoreAsync($"jobs/same/{worker}", folder.File("source"), token);
                    await files.DeleteAsync($"jobs/same/{worker}", token);
                }
            },
            token)));
        Assert.Empty(Directory.GetFileSystemEntries(folder.File("store/files")));
    }
}
