using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Rewas.Clip.Faults;
using Rewas.Networks.Onnx;

namespace Rewas.Text;

/// <summary>Finds a resource in an assembly's file without loading the assembly.</summary>
static class AssemblyResource
{
    /// <exception cref="InputFault">The file is missing, damaged, or lacks the resource.</exception>
    public static FileRange Find(string path, string resource)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var assembly = new PEReader(stream);
            var metadata = assembly.GetMetadataReader();
            var found = metadata.ManifestResources.Select(metadata.GetManifestResource)
                .FirstOrDefault(entry => metadata.StringComparer.Equals(entry.Name, resource) && entry.Implementation.IsNil);
            if (found.Name.IsNil || assembly.PEHeaders.CorHeader is not { } header
                || !assembly.PEHeaders.TryGetDirectoryOffset(header.ResourcesDirectory, out var resources))
                throw InputFault.Precondition(resource, $"'{path}' does not have it");
            // A resource is its length in 4 bytes, followed by its bytes (ECMA-335, II.24.2.4).
            var offset = resources + found.Offset;
            using var reader = new BinaryReader(stream);
            stream.Position = offset;
            var length = reader.ReadInt32();
            return length > 0 && offset + sizeof(int) + length <= stream.Length
                ? new FileRange(path, offset + sizeof(int), length)
                : throw InputFault.Precondition(resource, $"'{path}' is cut off: it has {stream.Length} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidOperationException)
        {
            throw InputFault.Precondition(resource, $"'{path}' cannot be read: {e.Message}", e);
        }
    }
}
