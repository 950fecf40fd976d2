using System.Collections.Concurrent;
using System.Diagnostics;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Library.Data;
using Rewas.Library.Limits;
using Rewas.Library.Measuring;
using Rewas.Library.Recordings;
using Rewas.Library.Scanning;
using Rewas.Library.Words;
using Rewas.Text;
using Rewas.Video;

namespace Rewas.Library.Indexing;

/// <summary>One run over folders. It finds new, changed, moved and missing files, and stores only these.</summary>
sealed class IndexRun(FileTable table, SoundSpace? space, LibraryLimits limits, IProgress<IndexProgress>? progress)
{
    /// <summary>Number of files that are read, decoded by one ffmpeg, and stored together.</summary>
    const int FilesOfPart = 16;

    /// <summary>Limit for recordings that are decoded together.</summary>
    const long MostDecodedBytes = 256 << 20;

    readonly ConcurrentBag<RefusedFile> refused = [];
    readonly ConcurrentDictionary<string, float[]> meanings = new(StringComparer.Ordinal);
    readonly Lock storing = new();
    int total, done, indexed, moved, withoutFfmpeg;

    /// <summary>
    /// :: Step 1: scan the folders. :: Step 2: select files that are new or changed. :: Step 3: read, measure and store them in batches. ::
    /// Step 4: mark missing files.
    /// </summary>
    public async Task<IndexReport> RunAsync(IReadOnlyList<string> given, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        // :: Step 1
        var folders = IndexedFolders.Resolve(given);
        var scan = FolderScan.Of(folders, limits, cancellation);
        foreach (var file in scan.Refused)
            Tell(file);

        // :: Step 2
        var known = table.Known(space?.Name);
        var refusedBefore = table.Refused();
        var work = scan.Files.Where(file => !IsKnown(file, known) && !IsRefused(file, refusedBefore)).ToList();
        var unchanged = scan.Files.Count(file => IsKnown(file, known));
        total = work.Count;
        table.AddFolders(folders);
        progress?.Report(new(0, total));

        // :: Step 3
        await Parallel.ForEachAsync(
            work.Chunk(FilesOfPart),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation },
            async (part, token) => await IndexAsync(part, token));

        // :: Step 4
        var there = scan.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        bool IsLookedAt(string path) =>
            folders.Any(folder => FolderScan.IsBelow(path, folder)) && !scan.Unreadable.Any(folder => FolderScan.IsBelow(path, folder));
        var gone = table.Known(null).Where(file => !there.Contains(file.Key) && IsLookedAt(file.Key)).ToList();
        table.Note(
            gone.Where(file => !file.Value.IsMissing).Select(file => file.Key),
            known.Where(file => file.Value.IsMissing && there.Contains(file.Key)).Select(file => file.Key),
            refusedBefore.Keys.Where(path => !there.Contains(path) && IsLookedAt(path)));
        table.Sweep();
        return new()
        {
            Recordings = unchanged + indexed,
            Indexed = indexed - moved,
            Moved = moved,
            Unchanged = unchanged,
            Missing = gone.Count,
            Refused = [.. refused],
            RefusedBefore = scan.Files.Count(file => !IsKnown(file, known) && IsRefused(file, refusedBefore)),
            Others = scan.Others,
            WithoutFfmpeg = withoutFfmpeg,
            Elapsed = Stopwatch.GetElapsedTime(started),
        };
    }

    bool IsKnown(ScannedFile file, Dictionary<string, KnownFile> known) =>
        known.TryGetValue(file.Path, out var before) && before.Bytes == file.Bytes && before.Modified == file.Modified
            && (before.HasVector || space is null);

    static bool IsRefused(ScannedFile file, Dictionary<string, (long Bytes, long Modified, string Reason)> refused) =>
        refused.TryGetValue(file.Path, out var before) && before.Bytes == file.Bytes && before.Modified == file.Modified;

    async Task IndexAsync(IReadOnlyList<ScannedFile> part, CancellationToken cancellation)
    {
        var (rows, faults, encoded) = (new List<FileRow>(), new List<(ScannedFile, string)>(), new List<FileReading>());
        foreach (var file in part)
            await TakeAsync(file, faults, async () =>
            {
                var reading = await FileReading.ReadAsync(file, limits, cancellation);
                var before = table.Find(reading.Sha256, space?.Name);
                if (before is { } known && (known.HasVector || space is null))
                    rows.Add(Row(reading, known.Tags, sound: null, vector: null, cancellation));
                else if (reading.Header.Source == SampleSource.Decoded)
                    encoded.Add(reading);
                else
                    await using (var content = reading.OpenContent())
                        rows.Add(Row(reading, await SoundMeasures.ReadAsync(content, limits, cancellation), cancellation));
            });
        // Decoded, 16 recordings with many channels and high rates would fill the temporary folder.
        foreach (var together in encoded.GroupBy(DecodedBytes)
            .SelectMany(group => group.Chunk((int)Math.Clamp(MostDecodedBytes / group.Key, 1, FilesOfPart))))
            await DecodeAsync(together, rows, faults, cancellation);
        cancellation.ThrowIfCancellationRequested();
        lock (storing)
            moved += table.Store(rows, faults);
        Interlocked.Add(ref indexed, rows.Count);
        progress?.Report(new(Interlocked.Add(ref done, part.Count), total));
    }

    async Task DecodeAsync(IReadOnlyList<FileReading> encoded, List<FileRow> rows, List<(ScannedFile, string)> faults,
        CancellationToken cancellation)
    {
        using var folder = PrivateFolder.Create("rewas-sounds-");
        IReadOnlyList<InputFault?> undecoded;
        try
        {
            undecoded = await RecordingDecoder.DecodeAsync(
                [.. encoded.Select(reading => (reading.File.Path, UsualRate(reading.Header.SampleRate)))], folder.Path, limits.Measured,
                cancellation);
        }
        catch (InputFault fault) when (IsWithoutFfmpeg(fault))
        {
            Interlocked.Add(ref withoutFfmpeg, encoded.Count);
            return;
        }
        for (var i = 0; i < encoded.Count; i++)
        {
            var (number, reading) = (i, encoded[i]);
            await TakeAsync(reading.File, faults, async () =>
            {
                if (undecoded[number] is { } fault)
                    throw fault;
                await using var decoded = File.OpenRead(RecordingDecoder.PathOf(folder.Path, number));
                rows.Add(Row(reading, await SoundMeasures.ReadAsync(decoded, limits, cancellation), cancellation));
            });
        }
    }

    /// <summary>
    /// Processes a file. A fault is reported. If it lies in the content, it is also stored, and the file is not read again until it
    /// changes.
    /// </summary>
    async Task TakeAsync(ScannedFile file, List<(ScannedFile, string)> faults, Func<Task> take)
    {
        try
        {
            await take();
        }
        catch (InputFault fault) when (IsWithoutFfmpeg(fault))
        {
            Interlocked.Increment(ref withoutFfmpeg);
        }
        catch (InputFault fault) when (fault.Field is HeaderReader.Field or FileReading.PathField)
        {
            var reason = fault.Message[(fault.Field.Length + 2)..];
            if (!fault.IsOfMachine && fault.Field == HeaderReader.Field)
                faults.Add((file, reason));
            Tell(new(file.Path, reason));
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            var fault = FileFault.Reading(HeaderReader.Field, file.Path, failure);
            Tell(new(file.Path, fault.Message[Math.Max(0, fault.Message.LastIndexOf("cannot be read", StringComparison.Ordinal))..]));
        }
    }

    void Tell(RefusedFile file)
    {
        refused.Add(file);
        progress?.Report(new(Volatile.Read(ref done), total, file));
    }

    FileRow Row(FileReading reading, MeasuredSound measured, CancellationToken cancellation) => Row(
        reading,
        reading.Header.Tags,
        new(reading.Header, SecondsOf(reading.Header, measured), measured),
        space is null ? null : measured.Wave.IsEmpty ? [] : space.OfSound(FromFirstSound(measured.Wave), cancellation),
        cancellation);

    FileRow Row(FileReading reading, IReadOnlyList<string> tags, SoundRow? sound, float[]? vector, CancellationToken cancellation)
    {
        var words = FileWords.Of(reading.File.Root, reading.File.Path, tags);
        return new(reading.File, reading.Sha256, words, MeaningOf(words.Meaning, cancellation), sound, space?.Name ?? "", vector);
    }

    float[] MeaningOf(string words, CancellationToken cancellation) =>
        meanings.TryGetValue(words, out var known) ? known
        : meanings[words] = table.Meaning(words, SentenceEncoder.Channels) ?? SentenceEncoder.Shared.Encode(words, cancellation);

    /// <summary>The decoded length, because headers can be wrong.</summary>
    static double SecondsOf(RecordingHeader header, MeasuredSound measured)
    {
        const double LeastSlack = 0.25, SlackShare = 0.02;                   // seconds; share of the length: codecs round to their frames
        if (header.Seconds is not { } promised)
            return measured.ReachedEnd
                ? measured.Seconds
                : throw InputFault.Invalid(HeaderReader.Field,
                    FormattableString.Invariant($"lasts more than {measured.Seconds:0} s, but its header does not say how long"));
        if (!measured.ReachedEnd)
            return Math.Max(promised, measured.Seconds);
        if (promised > measured.Seconds + Math.Max(LeastSlack, SlackShare * promised))
            throw InputFault.Invalid(HeaderReader.Field,
                FormattableString.Invariant($"truncated: the header promises {promised:0.##} s, but there are {measured.Seconds:0.##} s"));
        return measured.Seconds;
    }

    /// <summary>Skips the silence with which many recordings begin.</summary>
    static ReadOnlyMemory<float> FromFirstSound(ReadOnlyMemory<float> wave)
    {
        const float Audible = 0.05f;                                         // 20 dB under the peak
        const int Before = 800;                                              // samples: 50 ms
        var first = wave.Span.IndexOfAnyExceptInRange(-Audible, Audible);
        return first < 0 ? wave : wave[Math.Max(0, first - Before)..];
    }

    /// <summary>Upper bound for the decoded size of a recording's measured part.</summary>
    long DecodedBytes(FileReading reading) =>
        (long)(limits.Measured.TotalSeconds * UsualRate(reading.Header.SampleRate)) * reading.Header.Channels * sizeof(float);

    static int UsualRate(int rate) => HeaderReader.UsualRates.Contains(rate) ? rate : 48_000;

    static bool IsWithoutFfmpeg(InputFault fault) => fault is { Kind: FaultKind.Precondition, Field: "ffmpeg" };
}
