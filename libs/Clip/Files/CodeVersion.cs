using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Rewas.Clip.Files;

/// <summary>
/// Identifies the code that made a cached result. Another build of the same version may compute something else, and its users expect to
/// get that.
/// </summary>
public static class CodeVersion
{
    const string Own = "Rewas.";

    /// <summary>Hash of an assembly, of the platform's assemblies that it uses, and of the versions of all others.</summary>
    public static string Of(Assembly assembly)
    {
        var (open, seen) = (new Queue<Assembly>([assembly]), new SortedSet<string>(StringComparer.Ordinal));
        while (open.TryDequeue(out var next))
        {
            // Compilers derive the identifier from the source.
            if (!seen.Add($"{next.GetName().Name} {next.ManifestModule.ModuleVersionId}"))
                continue;
            foreach (var used in next.GetReferencedAssemblies())
                if (used.Name?.StartsWith(Own, StringComparison.Ordinal) == true)
                    open.Enqueue(Assembly.Load(used));
                else
                    seen.Add(used.FullName);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', seen))));
    }
}
