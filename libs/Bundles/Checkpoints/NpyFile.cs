using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Bundles.Checkpoints;

/// <summary>
/// Arrays in NumPy's .npy format, versions 1 and 2: little-endian f4, f8, i8, i4, u1 and b1, in C or Fortran order. f8 is read as float32;
/// integers and booleans are read as int64. Pickled arrays are refused.
/// </summary>
/// <remarks>Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.</remarks>
public static partial class NpyFile
{
    public const long DefaultMaximumBytes = 1L << 30;
    const int MaximumHeaderBytes = 1 << 16;
    const int MaximumRank = 16;
    const int LongestNumber = 20;
    const int Alignment = 64;

    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="InputFault">The file is missing, too long, or not a supported array.</exception>
    public static HostTensor Read(string path, long maximumBytes = DefaultMaximumBytes)
    {
        InputFile.Find(path, "npy");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(stream, Path.GetFileName(path), maximumBytes);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading("npy", path, failure);
        }
    }

    /// <summary>Writes a version 1 file, f4 or i8. The file appears only when it is complete.</summary>
    public static void Write(string path, HostTensor tensor) => PartialFile.Write(path, "output", stream =>
    {
        var type = tensor.Type == ElementType.Float32 ? "<f4" : "<i8";
        var shape = string.Concat(tensor.Shape.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size}, "))).TrimEnd();
        var sizes = tensor.Shape.Length > 1 ? shape.TrimEnd(',') : shape;
        var description = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({sizes}), }}";
        var prefixBytes = Magic.Length + 4;
        var header = description.PadRight(description.Length + (-(prefixBytes + description.Length + 1) & (Alignment - 1))) + '\n';
        Span<byte> lengthBytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(lengthBytes, checked((ushort)header.Length));
        stream.Write(Magic);
        stream.Write([1, 0]);
        stream.Write(lengthBytes);
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(tensor.Type == ElementType.Float32
            ? MemoryMarshal.AsBytes(tensor.Floats.Span)
            : MemoryMarshal.AsBytes(tensor.Integers.Span));
    });

    /// <summary>Reads an array that extends from the stream's position to its end.</summary>
    internal static HostTensor Read(Stream stream, string field, long maximumBytes)
    {
        if (stream.Length > maximumBytes)
            throw InputFault.Exhausted(field, $"has {stream.Length} bytes; the limit is {maximumBytes}");
        try
        {
            var (type, shape, isFortran) = ReadHeader(stream, field);
            return isFortran && shape.Length > 1
                ? ToRowMajor(ReadValues(stream, field, type, shape))
                : ReadValues(stream, field, type, shape);
        }
        catch (EndOfStreamException e)
        {
            throw InputFault.Invalid(field, "ends before its .npy header does", e);
        }
    }

    static (string Type, long[] Shape, bool IsFortran) ReadHeader(Stream stream, string field)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        if (!start.StartsWith(Magic) || start[6] is not (1 or 2))
            throw InputFault.Invalid(field, "is not a .npy file of version 1 or 2");
        Span<byte> lengthBytes = stackalloc byte[4];
        stream.ReadExactly(start[6] == 1 ? lengthBytes[..2] : lengthBytes);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > MaximumHeaderBytes)
            throw InputFault.Invalid(field, $".npy header has {length} bytes; the limit is {MaximumHeaderBytes}");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);

        var match = HeaderPattern().Match(Encoding.Latin1.GetString(bytes));
        if (!match.Success)
            throw InputFault.Invalid(field, ".npy header is not one of a plain array");
        var type = match.Groups["type"].Value;
        if (type is not ("<f4" or "<f8" or "<i8" or "<i4" or "|u1" or "|b1"))
            throw InputFault.Invalid(field, $"holds '{type}', but must hold <f4, <f8, <i8, <i4, |u1 or |b1");
        return (type, Shape(match.Groups["shape"].Value, field), match.Groups["fortran"].Value == "True");
    }

    /// <param name="text">A tuple's content as NumPy writes it: "", "3," or "3, 4".</param>
    static long[] Shape(string text, string field)
    {
        var sizes = text.Split(',', MaximumRank + 2, StringSplitOptions.TrimEntries);
        if (sizes[^1].Length == 0)
            sizes = sizes[..^1];
        if (sizes.Length > MaximumRank)
            throw InputFault.Invalid(field, $"has more than {MaximumRank} axes, which is the limit");
        var shape = new long[sizes.Length];
        for (var axis = 0; axis < shape.Length; axis++)
            if (!long.TryParse(sizes[axis], NumberStyles.None, CultureInfo.InvariantCulture, out shape[axis]))
                throw InputFault.Invalid(field, $"axis {axis} has the impossible size '{Shorten(sizes[axis])}'");
        return shape;
    }

    static string Shorten(string text) => text.Length <= LongestNumber ? text : text[..LongestNumber] + "...";

    static HostTensor ReadValues(Stream stream, string field, string type, long[] shape)
    {
        var size = type[2] - '0';
        var given = stream.Length - stream.Position;
        Int128 needed = size;
        foreach (var axis in shape)
            if ((needed *= axis) > Array.MaxLength)
                throw InputFault.Exhausted(
                    field, $"{type} [{string.Join(", ", shape)}] takes more than {Array.MaxLength} bytes, which is the limit");
        if (needed != given)
            throw InputFault.Invalid(field, $"{type} [{string.Join(", ", shape)}] takes {needed} bytes, but {given} follow the header");

        var bytes = new byte[given];
        stream.ReadExactly(bytes);
        return type switch
        {
            "<f4" => HostTensor.Of(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), shape),
            "<f8" => HostTensor.Of(Convert<double, float>(bytes, value => (float)value), shape),
            "<i8" => HostTensor.Of(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), shape),
            "<i4" => HostTensor.Of(Convert<int, long>(bytes, value => value), shape),
            _ => HostTensor.Of(Convert<byte, long>(bytes, value => value), shape),
        };
    }

    /// <summary>Converts from Fortran order, in which the first axis varies fastest.</summary>
    static HostTensor ToRowMajor(HostTensor stored)
    {
        return stored.Type == ElementType.Float32
            ? HostTensor.Of(Reordered(stored.Floats.Span), stored.Shape)
            : HostTensor.Of(Reordered(stored.Integers.Span), stored.Shape);

        T[] Reordered<T>(ReadOnlySpan<T> values)
        {
            var result = new T[values.Length];
            var index = new long[stored.Shape.Length];
            foreach (var value in values)
            {
                long at = 0;
                for (var axis = 0; axis < index.Length; axis++)
                    at = at * stored.Shape[axis] + index[axis];
                result[at] = value;
                for (var axis = 0; axis < index.Length && ++index[axis] == stored.Shape[axis]; axis++)
                    index[axis] = 0;
            }
            return result;
        }
    }

    static TOut[] Convert<T, TOut>(ReadOnlySpan<byte> bytes, Func<T, TOut> convert) where T : unmanaged
    {
        var values = MemoryMarshal.Cast<byte, T>(bytes);
        var result = new TOut[values.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = convert(values[i]);
        return result;
    }

    /// <summary>
    /// Matches the dictionary literal as NumPy writes it, with sorted keys. Each character can match in one way only, so that no header
    /// takes more than one pass. The shape is read by itself.
    /// </summary>
    [GeneratedRegex(
        @"^\{'descr': '(?<type>[^']{1,16})', 'fortran_order': (?<fortran>True|False), 'shape': \((?<shape>[0-9, ]*)\), \} *\n?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex HeaderPattern();
}
