using Microsoft.Data.Sqlite;
using Rewas.Sound.Wav;

namespace Rewas.EndToEnd.Tests;

/// <summary><c>rewas sounds</c> as a user runs it.</summary>
public sealed class SoundsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    string Database => folder.File("index/sounds.db");

    [Fact]
    public async Task Killed_while_it_indexes_it_leaves_a_whole_database()
    {
        const int Files = 600;
        for (var i = 0; i < Files; i++)
            await AddAsync($"blow {Word(i)}.wav", i);
        using var process =
            Programs.Start("dotnet", [Programs.Dll("rewas"), "sounds", "index", folder.File("sounds")], environment: Settings);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => process.HasExited || Count("SELECT COUNT(*) FROM files") > 0, "the first recordings are stored");
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, process.ExitCode);

        var stored = Count("SELECT COUNT(*) FROM files");
        Assert.InRange(stored, 1, Files - 1);
        Assert.Equal("ok", Scalar("PRAGMA integrity_check"));
        Assert.Equal(stored, Count(
            """
            SELECT COUNT(*) FROM files f JOIN sounds s ON s.id = f.sound JOIN meanings m ON m.id = f.meaning
            JOIN file_words w ON w.rowid = f.id
            """));
        Assert.Equal(stored, Count("SELECT COUNT(*) FROM file_words"));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM sounds WHERE id NOT IN (SELECT sound FROM sound_vectors)"));

        var again = await RewasAsync("sounds", "index", folder.File("sounds"));
        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith($"{Files} recordings: {Files - stored} new or changed, {stored} unchanged", again.Output,
            StringComparison.Ordinal);
        Assert.StartsWith($"nothing to do; {Files} recordings", (await RewasAsync("sounds", "index")).Output, StringComparison.Ordinal);
        await errors;
    }

    [Fact]
    public async Task Recordings_are_indexed_searched_listed_and_forgotten()
    {
        await AddAsync("DOORWood_Knock Slow_ABC.wav", 1);
        await AddAsync("rain.wav", 2);
        await File.WriteAllBytesAsync(folder.File("sounds/empty.wav"), [], TestContext.Current.CancellationToken);

        var indexed = await RewasAsync("sounds", "index", folder.File("sounds"));
        Assert.StartsWith("2 recordings: 2 new or changed, 1 refused", indexed.Output, StringComparison.Ordinal);
        Assert.Contains($"{folder.File("sounds/empty.wav")}: is empty", indexed.ErrorLines);

        var found = await RewasAsync("sounds", "search", "wooden", "door", "knock", "--limit", "1");
        Assert.Contains("DOORWood_Knock Slow_ABC.wav", found.Output, StringComparison.Ordinal);
        Assert.Contains("words door, knock", found.Output, StringComparison.Ordinal);
        var fitting = await RewasAsync("sounds", "search", "--video", Programs.Sample, "--json");
        Assert.Equal(0, fitting.ExitCode);
        Assert.Contains("\"fit\":{\"beats\":", fitting.Output, StringComparison.Ordinal);

        Assert.Equal(2, (await RewasAsync("sounds", "list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("is empty", (await RewasAsync("sounds", "list", "--refused")).Output, StringComparison.Ordinal);
        Assert.Equal("2 recordings removed from the index", (await RewasAsync("sounds", "forget", folder.File("sounds"))).Output.Trim());
        Assert.Equal("", (await RewasAsync("sounds", "list")).Output);
        Assert.Equal(["sounds/DOORWood_Knock Slow_ABC.wav", "sounds/empty.wav", "sounds/rain.wav"],
            folder.Entries.Where(file => file.StartsWith("sounds/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("folder: '/nowhere/at/all' does not exist", "index", "/nowhere/at/all")]
    [InlineData("folder: must be given", "index")]
    [InlineData("words: must be given, or a video", "search")]
    [InlineData("library: has no recordings: index a folder first with `rewas sounds index DIR`", "search", "door")]
    [InlineData("limit: must be from 1 to 1000, but is 0", "search", "door", "--limit", "0")]
    [InlineData("video: file '/nowhere.mp4' does not exist", "search", "--video", "/nowhere.mp4")]
    [InlineData("paths: must be given, or --missing instead", "forget")]
    [InlineData("library: '/nowhere' is not in the index", "forget", "/nowhere")]
    public async Task What_is_wrong_is_one_line(string message, params string[] arguments)
    {
        var outcome = await RewasAsync(["sounds", .. arguments]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    Dictionary<string, string> Settings => new() { ["REWAS_LIBRARY"] = folder.File("index") };

    Task<Outcome> RewasAsync(params string[] arguments) =>
        Programs.RunAsync("dotnet", [Programs.Dll("rewas"), .. arguments], environment: Settings);

    Task AddAsync(string name, int seed)
    {
        Directory.CreateDirectory(folder.File("sounds"));
        var random = new Random(seed);
        float[] samples = [.. Enumerable.Range(0, 8000).Select(i => (float)(random.NextDouble() - 0.5) * MathF.Exp(-i / 1500f))];
        return WavFile.WriteAsync(
            folder.File($"sounds/{name}"), new(samples, 16_000), WavEncoding.Pcm16, TestContext.Current.CancellationToken);
    }

    /// <summary>Letters, which names are read by; numbers are not.</summary>
    static string Word(int i) => new([.. Enumerable.Range(0, 3).Select(place => (char)('a' + i / (int)Math.Pow(26, place) % 26))]);

    long Count(string sql) => Scalar(sql) as long? ?? 0;

    /// <summary>Null as long as there is no such table.</summary>
    object? Scalar(string sql)
    {
        if (!File.Exists(Database))
            return null;
        try
        {
            using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
            connection.Open();
            return new SqliteCommand(sql, connection).ExecuteScalar();
        }
        catch (SqliteException)
        {
            return null;
        }
    }
}
