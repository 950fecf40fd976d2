using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Store.Files;
using Rewas.Store.Settings;

namespace Rewas.Tests.Store;

public sealed class UnusedFilesTests
{
    const string Key = "videos/abc";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deletes_what_nothing_uses_and_keeps_what_has_just_come()
    {
        using var folder = new TemporaryFolder();
        await using var replica = new StoreReplica(folder.File("store"));
        await StoreAsync(replica, folder, Key);
        replica.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await replica.Get<UnusedFiles>().SweepAsync(null, Token));
        replica.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await replica.Get<UnusedFiles>().SweepAsync(null, Token));
        await Assert.ThrowsAsync<InputFault>(() => replica.Get<IStoredFiles>().OpenAsync(Key, Token));
    }

    [Fact]
    public async Task Keeps_a_file_that_a_new_submission_announces_after_the_sweep_has_chosen_it()
    {
        using var folder = new TemporaryFolder();
        await using var replica = new StoreReplica(folder.File("store"));
        await StoreAsync(replica, folder, Key);
        replica.Clock.Advance(TimeSpan.FromHours(2));
        var arrived = (replica.Clock.GetUtcNow() - TimeSpan.FromHours(1)).ToUnixTimeMilliseconds();
        await replica.Get<StoredFiles>().NoteAsync(Key, "", Token);          // the sweep has read its list before this

        Assert.False(await replica.Get<UnusedFiles>().DeleteAsync(Key, arrived, Token));

        (await replica.Get<IStoredFiles>().OpenAsync(Key, Token)).Dispose();
    }

    [Fact]
    public async Task A_submission_that_comes_during_the_deletion_stores_its_file_afterwards()
    {
        using var folder = new TemporaryFolder();
        Task? submission = null;
        StoreReplica? replica = null;
        await using var made = replica = new StoreReplica(folder.File("store"), services => services.AddSingleton<IStoredFiles>(
            provider => new Watched(new(provider.GetRequiredService<IOptions<StoreOptions>>()), onDelete: () =>
                submission ??= Task.Run(() => StoreAsync(replica!, folder, Key)))));
        await StoreAsync(replica, folder, Key);
        replica.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, await replica.Get<UnusedFiles>().SweepAsync(null, Token));
        await submission!;

        (await replica.Get<IStoredFiles>().OpenAsync(Key, Token)).Dispose();
        Assert.Equal(0, await replica.Get<UnusedFiles>().SweepAsync(null, Token));
    }

    [Theory]
    [InlineData("a lease that is gone", FaultKind.NotFound)]
    [InlineData("", FaultKind.Environment)]
    public async Task A_file_that_comes_after_a_sweep_has_deleted_its_note_goes_with_the_next_sweep(string owner, FaultKind kind)
    {
        using var folder = new TemporaryFolder();
        StoreReplica? replica = null;
        await using var made = replica = new StoreReplica(folder.File("store"), services => services.AddSingleton<IStoredFiles>(
            provider => new Watched(new(provider.GetRequiredService<IOptions<StoreOptions>>()), onStore: async () =>
            {
                var own = replica!;
                own.Clock.Advance(TimeSpan.FromHours(2));
                Assert.Equal(1, await own.Get<UnusedFiles>().SweepAsync(null, Token));
            })));

        var fault = await Assert.ThrowsAsync<InputFault>(() => StoreAsync(replica, folder, Key, owner));
        Assert.Equal((kind, "file"), (fault.Kind, fault.Field));

        replica.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await replica.Get<UnusedFiles>().SweepAsync(null, Token));
        await Assert.ThrowsAsync<InputFault>(() => replica.Get<IStoredFiles>().OpenAsync(Key, Token));
    }

    static async Task StoreAsync(StoreReplica replica, TemporaryFolder folder, string key, string owner = "")
    {
        var path = folder.File(Guid.NewGuid().ToString("n"));
        await File.WriteAllTextAsync(path, "x", Token);
        await replica.Get<StoredFiles>().StoreAsync(key, owner, path, Token);
    }

    /// <summary>The folder, with somebody who acts while a file is being stored or deleted.</summary>
    sealed class Watched(FolderFiles files, Func<Task>? onStore = null, Action? onDelete = null) : IStoredFiles
    {
        public async Task StoreAsync(string key, string path, CancellationToken cancellation)
        {
            if (onStore is not null)
                await onStore();
            await files.StoreAsync(key, path, cancellation);
        }

        public Task<Stream> OpenAsync(string key, CancellationToken cancellation) => files.OpenAsync(key, cancellation);

        public Task DeleteAsync(string key, CancellationToken cancellation)
        {
            onDelete?.Invoke();
            return files.DeleteAsync(key, cancellation);
        }
    }
}
