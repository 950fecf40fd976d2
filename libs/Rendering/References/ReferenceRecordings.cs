using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Library.Recordings;
using Rewas.Sound.Placement;
using Rewas.V1;

namespace Rewas.Rendering.References;

/// <summary>A caller's own recordings: checked, hashed, and decoded to temporary files at their own rates and channels.</summary>
public sealed class ReferenceRecordings : IDisposable
{
    const int DecodedTogether = 16;

    /// <summary>Most bytes of recordings that one ffmpeg decodes, unless a single one has more.</summary>
    const long MostDecodedBytes = 256 << 20;

    /// <summary>Largest share of the promised length that may be missing. Encoders pad, and headers round.</summary>
    const double Missing = 0.1;

    readonly PrivateFolder folder;
    readonly List<ReferenceRecording> recordings = [];
    readonly List<IDisposable> rooms = [];
    SoundPlacement? placement;

    ReferenceRecordings(PrivateFolder folder) => this.folder = folder;

    public IReadOnlyList<ReferenceRecording> All => recordings;

    public IReadOnlyList<RecordedSamples> Samples => recordings.ConvertAll<RecordedSamples>(recording => recording.Samples);

    /// <summary>Measures the recordings for their placement. They are measured once.</summary>
    public SoundPlacement Measure(CancellationToken cancellation) => placement ??= new(Samples, cancellation);

    /// <summary>Highest sample rate of the recordings, Hz.</summary>
    public int SampleRate => recordings.Max(recording => recording.Samples.SampleRate);

    /// <summary>2 if one of them has several channels, otherwise 1.</summary>
    public int Channels => Math.Min(2, recordings.Max(recording => recording.Samples.ChannelCount));

    /// <summary>
    /// :: Step 1: find the files and check their headers. :: Step 2: decode them. :: Step 3: check every sample.
    /// </summary>
    /// <param name="asked">At least one.</param>
    /// <param name="files">Finds their files.</param>
    /// <exception cref="InputFault">A recording cannot be used. The message names it.</exception>
    public static async Task<ReferenceRecordings> OpenAsync(
        IReadOnlyList<ReferenceSound> asked, ReferenceFiles files, ReferenceLimits limits, bool fromLibrary, CancellationToken cancellation)
    {
        var opened = new ReferenceRecordings(PrivateFolder.Create("rewas-references-"));
        try
        {
            await opened.ReadAsync(asked, files, limits, fromLibrary, cancellation);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        recordings.ForEach(recording => recording.Samples.Dispose());
        folder.Dispose();
        rooms.ForEach(room => room.Dispose());
    }

    async Task ReadAsync(
        IReadOnlyList<ReferenceSound> asked, ReferenceFiles files, ReferenceLimits limits, bool fromLibrary, CancellationToken cancellation)
    {
        // :: Step 1
        var found = new List<FoundRecording>();
        foreach (var recording in asked)
        {
            var path = await files.FindAsync(recording, folder.Path, found.Count, cancellation);
            var (header, sha256) = await NamedAsync(recording, async () =>
            {
                await using var file = File.OpenRead(path);
                var read = await HeaderReader.ReadAsync(file, path, limits.Each, cancellation);
                return (read, await FileHash.OfAsync(path, cancellation));
            });
            found.Add(new(recording, path, header, sha256));
        }
        ThrowIfTooLong(found.Sum(file => file.Header.Seconds ?? 0), limits);

        for (var done = 0; done < found.Count; done = recordings.Count)
        {
            // :: Step 2
            var (count, longest) = Together(found, done, limits);
            using var decoded = await DecodedPart.DecodeAsync(found.GetRange(done, count), folder, files, longest, cancellation);

            // :: Step 3
            for (var i = 0; i < count; i++)
                await AddAsync(decoded, i, files, limits, fromLibrary, cancellation);
        }
    }

    /// <summary>Seconds of the recordings so far.</summary>
    double Seconds => recordings.Sum(recording => (double)recording.Samples.Length / recording.Samples.SampleRate);

    /// <summary>How many recordings are decoded together, from the first on, and how many seconds of each at most.</summary>
    (int Count, double Longest) Together(List<FoundRecording> found, int first, ReferenceLimits limits)
    {
        var (count, longest) = (1, found[first].Longest(limits, Seconds));
        for (; count < DecodedTogether && first + count < found.Count; count++)
        {
            var next = Math.Max(longest, found[first + count].Longest(limits, Seconds));
            if (found.GetRange(first, count + 1).Sum(file => file.DecodedBytes(next)) > MostDecodedBytes)
                break;
            longest = next;
        }
        return (count, longest);
    }

    async Task AddAsync(
        DecodedPart decoded, int number, ReferenceFiles files, ReferenceLimits limits, bool fromLibrary, CancellationToken cancellation)
    {
        var file = decoded.Recordings[number];
        var samples = await NamedAsync(file.Asked, () => OpenAsync(decoded, number, limits, cancellation));
        // Its header promised less than it has. So it is decoded anew, as a recording of unknown length.
        if (decoded.WasCut(samples))
        {
            samples.Dispose();
            File.Delete(decoded.PathOf(number));
            var unknown = file with { Header = file.Header with { Seconds = null } };
            using var anew = await DecodedPart.DecodeAsync([unknown], folder, files, unknown.Longest(limits, Seconds), cancellation);
            await AddAsync(anew, 0, files, limits, fromLibrary, cancellation);
            return;
        }
        recordings.Add(new(
            file.Asked.Name.Length > 0 ? file.Asked.Name : Path.GetFileName(file.Path),
            // A path that the caller named, or can list; never one of this process.
            file.Asked.FromCase switch
            {
                ReferenceSound.FromOneofCase.Path => file.Asked.Path,
                ReferenceSound.FromOneofCase.LibrarySha256 => file.Path,
                _ => null,
            },
            file.Sha256,
            samples)
        {
            FromLibrary = fromLibrary,
        });
        ThrowIfTooLong(Seconds, limits);
        if (files.Room?.Invoke((long)samples.Length * samples.ChannelCount * sizeof(float)) is { } room)
            rooms.Add(room);
    }

    static void ThrowIfTooLong(double seconds, ReferenceLimits limits)
    {
        if (seconds > limits.MaxTotal.TotalSeconds)
            throw InputFault.Exhausted(ReferenceFiles.Field, FormattableString.Invariant(
                $"all recordings together must last at most {limits.MaxTotal.TotalSeconds} s, but last {seconds:0.#} s"));
    }

    static async Task<RecordingOnDisk> OpenAsync(
        DecodedPart decoded, int number, ReferenceLimits limits, CancellationToken cancellation)
    {
        if (decoded.Faults[number] is { } fault)
            throw fault;
        var header = decoded.Recordings[number].Header;
        var samples = await RecordingOnDisk.OpenAsync(decoded.PathOf(number), limits, HeaderReader.Field, cancellation);
        var seconds = (double)samples.Length / samples.SampleRate;
        if (!(seconds < header.Seconds * (1 - Missing)))
            return samples;
        samples.Dispose();
        throw InputFault.Invalid(HeaderReader.Field, FormattableString.Invariant(
            $"truncated: the header promises {header.Seconds:0.##} s of sound, but {seconds:0.##} s can be decoded"));
    }

    /// <summary>Names the recording in a fault.</summary>
    static async Task<T> NamedAsync<T>(ReferenceSound recording, Func<Task<T>> work)
    {
        var name = recording.FromCase == ReferenceSound.FromOneofCase.Path ? recording.Path : recording.Name;
        try
        {
            return await work();
        }
        catch (InputFault fault) when (fault.Field == HeaderReader.Field)
        {
            throw new InputFault(fault.Kind, ReferenceFiles.Field, $"'{name}' {fault.Message[(fault.Field.Length + 2)..]}", fault);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading(ReferenceFiles.Field, name, failure);
        }
    }
}
