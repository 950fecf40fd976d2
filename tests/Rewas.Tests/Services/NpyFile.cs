using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Rewas.Tests.Services;

/// <summary>Values of one-dimensional NumPy files of the fixtures: format version 1, little-endian.</summary>
static class NpyFile
{
    public static T[] Read<T>(string path) where T : unmanaged => Values<T>(File.ReadAllBytes(path));

    /// <summary>One array of an .npz archive.</summary>
    public static T[] ReadMember<T>(string path, string member) where T : unmanaged
    {
        using var archive = ZipFile.OpenRead(path);
        using var stream = archive.GetEntry(member)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Values<T>(bytes.ToArray());
    }

    static T[] Values<T>(byte[] file) where T : unmanaged
    {
        var header = 10 + BitConverter.ToUInt16(file, 8);
        var code = typeof(T) == typeof(float) ? "<f4" : typeof(T) == typeof(double) ? "<f8" : "<i8";
        Assert.Contains(code, System.Text.Encoding.ASCII.GetString(file, 10, header - 10), StringComparison.Ordinal);
        return MemoryMarshal.Cast<byte, T>(file.AsSpan(header)).ToArray();
    }
}
