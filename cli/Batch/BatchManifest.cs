using System.Security.Cryptography;
using System.Text;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Jobs.Running;
using Rewas.Jobs.Settings;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Cli.Batch;

/// <summary>One line of a manifest.</summary>
/// <param name="Line">Line number, from 1.</param>
/// <param name="Path">Path of the video, relative to the folder of the videos; empty for sound without a picture.</param>
/// <param name="Video">Null for sound without a picture.</param>
/// <param name="Output">Name of the file to make.</param>
/// <param name="Wanted">The item of the job. Its video is not set yet, but its length is if it has no picture.</param>
sealed record BatchItem(int Line, string Path, FileInfo? Video, string Output, JobItem Wanted)
{
    /// <summary>What a reader recognises the line by.</summary>
    public string Shown => Video is null ? Output : Path;
}

/// <summary>
/// A CSV file with one file to make for each line; see <see cref="BatchColumns"/>. It is UTF-8 and RFC 4180, without line breaks in fields.
/// The first line names the columns; without a header they are file and prompt. The manifest is not trusted: it can read videos below one
/// folder only, and write outputs to one folder only.
/// </summary>
sealed record BatchManifest(IReadOnlyList<BatchItem> Items, string Key)
{
    const long MostBytes = 64 << 20;
    const int MostLineCharacters = 16_384, MostLines = 100_000, MostFaults = 10;

    /// <param name="videos">Folder of the videos.</param>
    /// <param name="folder">Folder of the outputs.</param>
    /// <param name="format">Format of outputs without a name.</param>
    /// <param name="defaults">Values for columns that a line leaves empty.</param>
    /// <exception cref="InputFault">Lists the first ten faults with their line numbers.</exception>
    public static BatchManifest Read(string path, string videos, string folder, string format, IReadOnlyDictionary<string, string> defaults)
    {
        var bytes = ReadBytes(path);
        var lines = Decode(bytes).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines.Count > MostLines + 1)
            throw InputFault.Exhausted("manifest", $"must have at most {MostLines} lines, but has {lines.Count}");
        var header = BatchHeader.Read(lines[0], videos);
        var (read, faults) = (
            new List<(int Number, Dictionary<string, string> Values, FileInfo? Video)>(), new SortedDictionary<int, InputFault>());
        foreach (var (line, number) in lines.Select((line, i) => (line, i + 1))
            .Skip(header.Lines)
            .Where(line => line.line.Trim().Length > 0))
            Try(number, () => read.Add((number, Values(line, header.Columns, defaults, videos, out var video), video)));
        var names = BatchNames.In(folder, videos, read.Select(line => line.Video).OfType<FileInfo>(), format);
        var items = new List<BatchItem>();
        foreach (var (number, values, video) in read)
            Try(number, () => items.Add(Item(number, values, video, names, videos)));
        InputFault.ThrowIfAny([.. faults.Values.Take(MostFaults)]);
        return items.Count > 0
            ? new(items, KeyOf(bytes, items, videos))
            : throw InputFault.Invalid("manifest", $"'{path}' names no videos and no sounds");

        void Try(int number, Action step)
        {
            try
            {
                step();
            }
            catch (InputFault fault)
            {
                faults[number] = InputFault.Invalid($"line {number}", fault.Message, fault);
            }
        }
    }

    /// <summary>A manifest of items that were read from another file.</summary>
    /// <param name="source">The file.</param>
    public static BatchManifest Of(byte[] source, List<BatchItem> items, string videos) => new(items, KeyOf(source, items, videos));

    /// <summary>Checks that no output replaces a video, the manifest, or another output.</summary>
    /// <param name="path">The manifest.</param>
    /// <param name="folder">Folder of the outputs, which must exist.</param>
    /// <param name="timeline">The timeline to write; null for none.</param>
    /// <exception cref="InputFault">An output would; the message names its line.</exception>
    public void ThrowIfInputsAreReplaced(string path, string folder, string? timeline)
    {
        var files = new FileRoles().Reads(path, "manifest");
        foreach (var item in Items)
            files.Reads(item.Video?.FullName, "video");
        files.Writes(Path.Combine(folder, FailureReport.FileName), "output").Writes(timeline, "timeline");
        foreach (var item in Items)
        {
            try
            {
                files.Writes(Path.Combine(folder, item.Output), BatchColumns.Output);
                files.Writes(Path.Combine(folder, item.Output) + ".json", "sidecar");
            }
            catch (InputFault fault)
            {
                throw InputFault.Invalid($"line {item.Line}", $"{fault.Message} ('{item.Output}')", fault);
            }
        }
    }

    /// <summary>The fields of a line by column, and its video.</summary>
    static Dictionary<string, string> Values(
        string line, IReadOnlyList<string> columns, IReadOnlyDictionary<string, string> defaults, string videos, out FileInfo? video)
    {
        if (line.Length > MostLineCharacters)
            throw InputFault.Exhausted("line", $"must have at most {MostLineCharacters} characters, but has {line.Length}");
        if (line.Any(c => char.IsControl(c) && c != '\t'))
            throw InputFault.Invalid("line", "must not have control characters");
        if (line.Count(c => c == '"') % 2 != 0)
            throw InputFault.Invalid("line", "has a quote that is not closed");
        var fields = CsvLine.Fields(line);
        BatchHeader.ThrowUnlessPartedByCommas(line, fields);
        if (fields.Count > columns.Count)
            throw InputFault.Invalid("line", $"must have {columns.Count} fields ({string.Join(", ", columns)}), but has {fields.Count}");
        var values = new Dictionary<string, string>(defaults, StringComparer.Ordinal);
        foreach (var (column, field) in columns.Zip(fields).Where(pair => pair.Second.Length > 0))
            values[BatchColumns.Canonical(column)] = field;
        video = BatchColumns.SecondsOf(values) is null ? ReadableFolder.Find(videos, values[BatchColumns.File]) : null;
        return values;
    }

    /// <summary>Checks that the recordings of a line can be sent with it.</summary>
    /// <param name="videos">Folder of the videos.</param>
    /// <exception cref="InputFault">They are too large; the message names the line.</exception>
    public void ThrowUnlessRecordingsCanBeSent(string videos)
    {
        foreach (var item in Items)
            if (Recordings(item.Wanted, videos).Sum(file => file.Length) is > ItemReferences.MostContentBytes and var bytes)
                throw InputFault.Exhausted(
                    $"line {item.Line}", $"reference: with --gateway the recordings of a line must have at most "
                    + $"{ItemReferences.MostContentBytes} bytes, but have {bytes}");
    }

    /// <summary>The files of an item's recordings.</summary>
    public static IEnumerable<FileInfo> Recordings(JobItem item, string videos) =>
        (item.References?.Recordings ?? []).Select(recording => ReadableFolder.Find(videos, recording.Path));

    static BatchItem Item(int number, Dictionary<string, string> values, FileInfo? video, BatchNames names, string videos)
    {
        var wanted = BatchColumns.Read(values);
        var output = values.TryGetValue(BatchColumns.Output, out var given) ? names.Given(given)
            : video is not null ? names.Of(video) : names.OfSound(wanted.Options.Prompt);
        wanted.Name = output;
        wanted.Format = Path.GetExtension(output)[1..].ToLowerInvariant();
        if (BatchColumns.SecondsOf(values) is { } seconds)
        {
            if (!SoundFiles.IsSound(wanted.Format))
                throw InputFault.Invalid(BatchColumns.Output, $"must end in .wav or .flac without a file, but is '{output}'");
            wanted.BlankSeconds = seconds;
        }
        ThrowUnlessThere(wanted, videos);
        return new(number, values.GetValueOrDefault(BatchColumns.File, ""), video, output, wanted);
    }

    static void ThrowUnlessThere(JobItem wanted, string videos)
    {
        try
        {
            _ = Recordings(wanted, videos).ToList();
        }
        catch (InputFault fault)
        {
            throw new InputFault(fault.Kind, OrderTable.Reference.Name, fault.Message[(fault.Field.Length + 2)..], fault);
        }
    }

    static byte[] ReadBytes(string path)
    {
        try
        {
            var file = InputFile.Find(path, "manifest");
            return file.Length <= MostBytes
                ? File.ReadAllBytes(path)
                : throw InputFault.Exhausted("manifest", $"must have at most {MostBytes} bytes, but has {file.Length}");
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading("manifest", path, failure);
        }
    }

    static string Decode(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException failure)
        {
            throw InputFault.Invalid(
                "manifest", $"must be UTF-8, but line {bytes.AsSpan(0, Math.Max(0, failure.Index)).Count((byte)'\n') + 1} is not", failure);
        }
    }

    /// <summary>The idempotency key of the job: a hash of the manifest and of the current state of videos and recordings.</summary>
    static string KeyOf(byte[] bytes, List<BatchItem> items, string videos)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        foreach (var item in items)
        {
            hash.AppendData(Google.Protobuf.MessageExtensions.ToByteArray(item.Wanted));
            foreach (var file in Recordings(item.Wanted, videos).Prepend(item.Video).OfType<FileInfo>())
                hash.AppendData(Encoding.UTF8.GetBytes($"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
