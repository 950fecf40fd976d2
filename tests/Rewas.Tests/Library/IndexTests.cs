using Microsoft.Data.Sqlite;
using Rewas.Clip.Faults;
using Rewas.Library;
using Rewas.Library.Indexing;

namespace Rewas.Tests.Library;

public class IndexTests
{
    [Fact]
    public async Task A_second_run_reads_nothing()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("a.wav", 1);
        await made.AddAsync("deep/er/b.wav", 2);
        File.WriteAllText(made["notes.txt"], "no recording");
        var first = await made.IndexAsync();
        Assert.Equal((2, 2, 0, 1), (first.Recordings, first.Indexed, first.Refused.Count, first.Others));

        var reads = new List<IndexProgress>();
        var second = await made.IndexAsync(new Heard(reads));
        Assert.Equal((2, 0, 2), (second.Recordings, second.Indexed, second.Unchanged));
        Assert.All(reads, progress => Assert.Equal(0, progress.Total));
    }

    [Fact]
    public async Task What_is_known_of_a_recording_is_right()
    {
        using var made = new MadeRecordings();
        var samples = new float[48_000];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = 0.5f * MathF.Sin(2 * MathF.PI * 1000 * i / 48_000);
        await made.AddAsync("tone.wav", samples, 48_000);
        await made.AddAsync("silence.wav", new float[8000]);
        await made.IndexAsync();

        var sounds = made.Index.List("", 10);
        var (silence, tone) = (sounds[0], sounds[1]);
        Assert.Equal((1.0, 48_000, 1), (tone.Seconds, tone.SampleRate, tone.Channels));
        // A tone of 1 kHz at amplitude 0.5 has -9.03 dB; K-weighting adds what the offset of -0.691 takes off.
        Assert.InRange(tone.Loudness!.Value, -9.2, -8.8);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(made["tone.wav"]))),
            tone.Sha256);
        Assert.Null(silence.Loudness);
        Assert.Equal(0, silence.OnsetsPerSecond);
    }

    [Fact]
    public async Task Onsets_are_counted()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("four blows.wav", [.. Enumerable.Range(0, 4).SelectMany(seed => MadeRecordings.Blow(seed))]);
        await made.IndexAsync();
        Assert.InRange(Assert.Single(made.Index.List("", 10)).OnsetsPerSecond, 1.9, 2.1);
    }

    [Fact]
    public async Task A_recording_that_was_moved_is_not_measured_again()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("before.wav", 1);
        await made.IndexAsync();
        Directory.CreateDirectory(made["doors"]);
        File.Move(made["before.wav"], made["doors/slam.wav"]);
        Spoil(made.Index.Path, "UPDATE sounds SET seconds = 77");            // would be put right by measuring

        var report = await made.IndexAsync();
        Assert.Equal((1, 0, 0), (report.Moved, report.Indexed, report.Missing));
        var sound = Assert.Single(made.Index.List("", 10));
        Assert.Equal((made["doors/slam.wav"], 77.0, false), (sound.Path, sound.Seconds, sound.IsMissing));
        Assert.DoesNotContain(made.Index.Search("before", 10), found => found.Why.Words.Count > 0);
        Assert.Contains("slam", Assert.Single(made.Index.Search("slam", 10)).Why.Words);
    }

    [Fact]
    public async Task A_copy_is_found_once_and_outlives_the_other()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("slam.wav", 1);
        File.Copy(made["slam.wav"], made["slam copy.wav"]);
        await made.IndexAsync();
        Assert.Equal(2, made.Names.Count);
        var found = Assert.Single(made.Index.Search("slam", 10));
        File.Delete(found.Path);
        Assert.NotEqual(found.Path, Assert.Single(made.Index.Search("slam", 10)).Path);
    }

    [Fact]
    public async Task A_recording_that_is_gone_is_missing_until_it_is_back()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("slam.wav", 1);
        await made.AddAsync("drip.wav", 2);
        await made.IndexAsync();
        File.Move(made["slam.wav"], made.Outside("slam.wav"));

        // Before any run: its file is not there.
        Assert.DoesNotContain(made.Index.Search("slam", 10), found => found.Why.Words.Count > 0);
        Assert.Equal(1, (await made.IndexAsync()).Missing);
        Assert.Equal(["drip.wav"], made.Names);
        File.Move(made.Outside("slam.wav"), made["slam.wav"]);
        var back = await made.IndexAsync();
        Assert.Equal((0, 0, 2), (back.Missing, back.Indexed, back.Unchanged));
        Assert.Single(made.Index.Search("slam", 10), found => found.Why.Words.Count > 0);
    }

    [Fact]
    public async Task A_recording_that_was_changed_is_measured_again()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("slam.wav", MadeRecordings.Blow(1, 8000));
        await made.IndexAsync();
        await made.AddAsync("slam.wav", MadeRecordings.Blow(1, 16_000));
        Assert.Equal(1, (await made.IndexAsync()).Indexed);
        Assert.Equal(1, Assert.Single(made.Index.List("", 10)).Seconds);
    }

    [Fact]
    public async Task A_run_of_one_folder_leaves_the_others_alone()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("one/a.wav", 1);
        await made.AddAsync("one more/b.wav", 2);
        await made.IndexAsync();
        Directory.Delete(made["one more"], recursive: true);
        Assert.Equal(0, (await made.Index.IndexAsync([made["one"]], cancellation: TestContext.Current.CancellationToken)).Missing);
        Assert.Equal(1, (await made.Index.IndexAsync([], cancellation: TestContext.Current.CancellationToken)).Missing);
    }

    [Fact]
    public async Task What_is_forgotten_is_gone_from_the_index_alone()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("a/one.wav", 1);
        await made.AddAsync("ab/two.wav", 2);
        await made.IndexAsync();
        Assert.Equal(1, made.Index.Forget([made["a"]]));
        Assert.Equal(["ab/two.wav"], made.Names);
        Assert.True(File.Exists(made["a/one.wav"]));
        Assert.Contains("is not in the index", Assert.Throws<InputFault>(() => made.Index.Forget([made["a"]])).Message,
            StringComparison.Ordinal);
        Assert.Equal(1, Count(made.Index.Path, "SELECT COUNT(*) FROM sounds"));
        Assert.Equal(1, Count(made.Index.Path, "SELECT COUNT(*) FROM meanings"));
        Assert.Equal(1, Count(made.Index.Path, "SELECT COUNT(*) FROM file_words"));
    }

    [Fact]
    public async Task Nothing_is_written_into_the_folders()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("a/one.wav", 1);
        var before = Snapshot(made.Sounds);
        await made.IndexAsync();
        made.Index.Search("one", 1);
        Assert.Equal(before, Snapshot(made.Sounds));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_keeps_what_was_stored_and_the_next_goes_on()
    {
        using var made = new MadeRecordings();
        for (var i = 0; i < 100; i++)
            await made.AddAsync($"blow {i}.wav", i);
        using var stop = new CancellationTokenSource();
        var seen = new Heard([], progress =>
        {
            if (progress.Done > 0)
                stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => made.Index.IndexAsync([made.Sounds], seen, stop.Token));
        var kept = made.Names.Count;
        Assert.InRange(kept, 1, 99);
        var report = await made.IndexAsync();
        Assert.Equal((100, 100 - kept, kept), (report.Recordings, report.Indexed, report.Unchanged));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told_and_forgets_nothing()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("a.wav", 1);
        await made.IndexAsync();
        var moved = made.Outside("elsewhere");
        Directory.Move(made.Sounds, moved);
        Assert.Equal(FaultKind.NotFound, (await Assert.ThrowsAsync<InputFault>(() => made.IndexAsync())).Kind);
        Directory.Move(moved, made.Sounds);
        Assert.Equal(["a.wav"], made.Names);
    }

    [Fact]
    public void An_index_of_a_later_version_is_refused()
    {
        using var folder = new TemporaryFolder();
        LibraryIndex.Open(folder.Path).Dispose();
        Spoil(folder.File("sounds.db"), "PRAGMA user_version = 99");
        Assert.Contains("the index has version 99", Assert.Throws<InputFault>(() => LibraryIndex.Open(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_index_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("sounds.db"), new string('x', 5000));
        Assert.StartsWith("library: the index", Assert.Throws<InputFault>(() => LibraryIndex.Open(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    static string[] Snapshot(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => $"{entry.FullName} {entry.LastWriteTimeUtc:o} {(entry as FileInfo)?.Length}").Order()];

    internal static long Count(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=false");
        connection.Open();
        return (long)new SqliteCommand(sql, connection).ExecuteScalar()!;
    }

    static void Spoil(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=false");
        connection.Open();
        new SqliteCommand(sql, connection).ExecuteNonQuery();
    }

    sealed class Heard(List<IndexProgress> all, Action<IndexProgress>? then = null) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value)
        {
            lock (all)
                all.Add(value);
            then?.Invoke(value);
        }
    }
}
