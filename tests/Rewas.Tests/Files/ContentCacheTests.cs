using Rewas.Clip.Files;

namespace Rewas.Tests.Files;

public sealed class ContentCacheTests : IDisposable
{
    /// <summary>What a small entry counts as.</summary>
    const long Least = 32 << 10;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Small_entries_are_bounded_in_number()
    {
        var cache = new ContentCache(folder.Path, ".entry", 32 * Least);
        for (var i = 0; i < 100; i++)
            cache.Store($"{i}", [(byte)i]);
        Assert.InRange(Entries, 1, 32);
        Assert.Equal([99], cache.Find("99")!);
    }

    [Fact]
    public void The_folder_is_listed_again_after_a_sixteenth_of_the_limit()
    {
        var cache = new ContentCache(folder.Path, ".entry", 64 * Least);
        cache.Store("first", [1]);
        Fill(100);
        for (var i = 0; i < 3; i++)
            cache.Store($"next-{i}", [2]);
        Assert.Equal(1 + 100 + 3, Entries);
        cache.Store("fourth", [3]);
        Assert.Equal(60, Entries);
        Assert.Equal([3], cache.Find("fourth")!);
    }

    [Fact]
    public void The_first_entry_of_a_process_removes_what_others_left_beyond_the_limit()
    {
        Fill(100);
        new ContentCache(folder.Path, ".entry", 64 * Least).Store("first", [1]);
        Assert.Equal(60, Entries);
    }

    int Entries => Directory.GetFiles(folder.Path, "*.entry").Length;

    /// <summary>Entries of other processes, older than those of a test.</summary>
    void Fill(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var path = folder.File($"other-{i}.entry");
            File.WriteAllBytes(path, [0]);
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-1));
        }
    }
}
