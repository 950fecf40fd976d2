using System.Security.Cryptography;
using System.Text;
using Rewas.Evaluation;
using Rewas.Faults;
using Rewas.Jobs;
using Rewas.V1;

namespace Rewas.Cli.Batch;

/// <summary>One line of a manifest.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Path">Of the video, from the videos' folder.</param>
/// <param name="Video">The video's file.</param>
/// <param name="Output">Name of the file that is to be made.</param>
/// <param name="Wanted">What is wanted; the video is still to be set.</param>
sealed record BatchItem(int Line, string Path, FileInfo Video, string Output, JobItem Wanted);

/// <summary>
/// A CSV file (UTF-8, RFC 4180 without line breaks in fields) with a file to make a line: see <see cref="BatchColumns"/>. The first line names the columns; without one they are file and
/// prompt. Whoever wrote it need not be trusted: it names videos below one folder, and outputs in another.
/// </summary>
sealed record BatchManifest(IReadOnlyList<BatchItem> Items, string Key)
{
    const long MostBytes = 64 << 20;
    const int MostLineCharacters = 16_384, MostLines = 100_000, MostNameCharacters = 200, MostFaults = 10;

    /// <param name="path">The manifest.</param>
    /// <param name="videos">Folder of the videos.</param>
    /// <param name="format">Of outputs that are not named.</param>
    /// <param name="defaults">Columns that all lines have which do not say otherwise.</param>
    /// <exception cref="InputFault">What is wrong, with the lines' numbers; the first ten faults together.</exception>
    public static BatchManifest Read(string path, string videos, string format, IReadOnlyDictionary<string, string> defaults)
    {
        var bytes = ReadBytes(path);
        var lines = Decode(bytes).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines.Count > MostLines + 1)
            throw InputFault.Exhausted("manifest", $"must have at most {MostLines} lines, but has {lines.Count}");
        IReadOnlyList<string> columns = lines is [{ Length: <= MostLineCharacters } first, ..] && BatchColumns.AreNames(CsvLine.Fields(first)) ? CsvLine.Fields(first) : [];
        var (items, faults, outputs) = (new List<BatchItem>(), new List<InputFault>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var (line, number) in lines.Select((line, i) => (line, i + 1)).Skip(columns.Count > 0 ? 1 : 0).Where(line => line.line.Trim().Length > 0))
        {
            try
            {
                items.Add(ReadLine(line, number, columns.Count > 0 ? columns : BatchColumns.Usual, videos, format, defaults, outputs));
            }
            catch (InputFault fault)
            {
                faults.Add(InputFault.Invalid($"line {number}", fault.Message, fault));
                if (faults.Count == MostFaults)
                    break;
            }
        }
        InputFault.ThrowIfAny(faults);
        return items.Count > 0 ? new(items, KeyOf(bytes, items)) : throw InputFault.Invalid("manifest", $"'{path}' names no videos");
    }

    static BatchItem ReadLine(
        string line, int number, IReadOnlyList<string> columns, string videos, string format, IReadOnlyDictionary<string, string> defaults, HashSet<string> outputs)
    {
        if (line.Length > MostLineCharacters)
            throw InputFault.Exhausted("line", $"must have at most {MostLineCharacters} characters, but has {line.Length}");
        if (line.Any(c => char.IsControl(c) && c != '\t'))
            throw InputFault.Invalid("line", "must not have control characters");
        if (line.Count(c => c == '"') % 2 != 0)
            throw InputFault.Invalid("line", "has a quote that does not end");
        var fields = CsvLine.Fields(line);
        if (fields.Count > columns.Count)
            throw InputFault.Invalid("line", $"must have {columns.Count} fields ({string.Join(", ", columns)}), but has {fields.Count}");
        var values = new Dictionary<string, string>(defaults, StringComparer.Ordinal);
        foreach (var (column, field) in columns.Zip(fields).Where(pair => pair.Second.Length > 0))
            values[column] = field;
        var file = values.GetValueOrDefault(BatchColumns.File) ?? throw InputFault.Invalid(BatchColumns.File, "must be given, but is empty");
        var video = ReadableFolder.Find(videos, file);
        var output = OutputOf(values, file, format, outputs);
        var wanted = BatchColumns.Read(values);
        wanted.Name = output;
        wanted.Format = Path.GetExtension(output)[1..].ToLowerInvariant();
        return new(number, file, video, output, wanted);
    }

    /// <summary>The name that is given, or the video's with a number where that is taken.</summary>
    static string OutputOf(Dictionary<string, string> values, string file, string format, HashSet<string> outputs)
    {
        if (values.TryGetValue(BatchColumns.Output, out var given))
        {
            if (given.Length > MostNameCharacters || given.StartsWith('.') || given.AsSpan().ContainsAny("/\\:") || given.Any(char.IsControl))
                throw InputFault.Invalid(BatchColumns.Output, $"must be a file name of at most {MostNameCharacters} characters without '/', '\\' and ':', but is '{given}'");
            if (!SoundStudio.StudioExport.Formats.Contains(Path.GetExtension(given).TrimStart('.').ToLowerInvariant()))
                throw InputFault.Invalid(BatchColumns.Output, $"must end in .{string.Join(", .", SoundStudio.StudioExport.Formats)}, but is '{given}'");
            return outputs.Add(given) ? given : throw InputFault.Invalid(BatchColumns.Output, $"'{given}' is another line's too");
        }
        var name = Path.GetFileNameWithoutExtension(file);
        name = name.Length <= MostNameCharacters ? name : name[..MostNameCharacters];
        for (var number = 1; ; number++)
        {
            var output = number == 1 ? $"{name}.{format}" : $"{name}-{number}.{format}";
            if (outputs.Add(output))
                return output;
        }
    }

    static byte[] ReadBytes(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw InputFault.NotFound("manifest", $"file '{path}' does not exist");
            return file.Length <= MostBytes ? File.ReadAllBytes(path) : throw InputFault.Exhausted("manifest", $"must have at most {MostBytes} bytes, but has {file.Length}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InputFault.Invalid("manifest", $"'{path}' cannot be read: {failure.Message}", failure);
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
            throw InputFault.Invalid("manifest", $"must be UTF-8, but line {bytes.AsSpan(0, Math.Max(0, failure.Index)).Count((byte)'\n') + 1} is not", failure);
        }
    }

    /// <summary>By which the job is known again: what the manifest asks for, and the videos as they lie there.</summary>
    static string KeyOf(byte[] bytes, List<BatchItem> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        foreach (var item in items)
        {
            hash.AppendData(Google.Protobuf.MessageExtensions.ToByteArray(item.Wanted));
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Video.FullName} {item.Video.Length} {item.Video.LastWriteTimeUtc.Ticks}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
