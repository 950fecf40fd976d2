using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Library.Recordings;
using Rewas.Sound.Placement;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Rendering.References;

/// <summary>A caller's own recordings: checked, hashed, and decoded to temporary files at their own rates and channels.</summary>
public sealed class ReferenceRecordings : IDisposable
{
    const int DecodedTogether = 16;

    /// <summary>Largest share of the promised length that may be missing. Encoders pad, and headers round.</summary>
    const double Missing = 0.1;

    readonly PrivateFolder folder;
    readonly List<ReferenceRecording> recordings = [];
    readonly Lazy<SoundPlacement> placement;

    ReferenceRecordings(PrivateFolder folder)
    {
        this.folder = folder;
        placement = new(() => new(Samples));
    }

    public IReadOnlyList<ReferenceRecording> All => recordings;

    public IReadOnlyList<RecordedSamples> Samples => recordings.ConvertAll<RecordedSamples>(recording => recording.Samples);

    /// <summary>Places the recordings. They are measured on first use.</summary>
    public SoundPlacement Placement => placement.Value;

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
    }

    async Task ReadAsync(
        IReadOnlyList<ReferenceSound> asked, ReferenceFiles files, ReferenceLimits limits, bool fromLibrary, CancellationToken cancellation)
    {
        // :: Step 1
        var found = new List<(ReferenceSound Asked, string Path, RecordingHeader Header, string Sha256)>();
        foreach (var recording in asked)
        {
            var path = await files.FindAsync(recording, folder.Path, found.Count, cancellation);
            var (header, sha256) = await NamedAsync(recording, async () =>
            {
                await using var file = File.OpenRead(path);
                var read = await HeaderReader.ReadAsync(file, path, limits.Each, cancellation);
                return (read, await FileHash.OfAsync(path, cancellation));
            });
            found.Add((recording, path, header, sha256));
        }
        var total = found.Sum(file => file.Header.Seconds ?? 0);
        if (total > limits.MaxTotal.TotalSeconds)
            throw InputFault.Exhausted(ReferenceFiles.Field, FormattableString.Invariant(
                $"all recordings together must last at most {limits.MaxTotal.TotalSeconds} s, but last {total:0.#} s"));

        // :: Step 2
        for (var first = 0; first < found.Count; first += DecodedTogether)
        {
            var part = found[first..Math.Min(found.Count, first + DecodedTogether)];
            var decoded = Directory.CreateDirectory(Path.Combine(folder.Path, FormattableString.Invariant($"decoded-{first}"))).FullName;
            // A second more than is accepted shows that a recording is longer than its header says.
            var faults = await RecordingDecoder.DecodeAsync(
                [.. part.Select(file => (file.Path, HeaderReader.UsualRateFor(file.Header.SampleRate)))], decoded,
                limits.Each.MaxDuration + TimeSpan.FromSeconds(1), cancellation);

            // :: Step 3
            for (var i = 0; i < part.Count; i++)
            {
                var (fault, wav, file) = (faults[i], RecordingDecoder.PathOf(decoded, i), part[i]);
                recordings.Add(await NamedAsync(file.Asked, async () => new ReferenceRecording(
                    file.Asked.Name.Length > 0 ? file.Asked.Name : Path.GetFileName(file.Path),
                    // A path that the caller named, or can list; never one of this process.
                    file.Asked.FromCase switch
                    {
                        ReferenceSound.FromOneofCase.Path => file.Asked.Path,
                        ReferenceSound.FromOneofCase.LibrarySha256 => file.Path,
                        _ => null,
                    },
                    file.Sha256,
                    fault is null ? await OpenAsync(wav, file.Header, limits, cancellation) : throw fault)
                {
                    FromLibrary = fromLibrary,
                }));
            }
        }
    }

    static async Task<RecordingOnDisk> OpenAsync(
        string wav, RecordingHeader header, ReferenceLimits limits, CancellationToken cancellation)
    {
        var samples = await RecordingOnDisk.OpenAsync(wav, limits, HeaderReader.Field, cancellation);
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
