using System.Text;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Client;

/// <summary>
/// A Unix domain socket that only this user can reach, for stages hosted in the caller's own process: give <see cref="Address"/> to the
/// host as Rewas:Listen and to <see cref="RewasClient.Connect(Uri, RewasClientOptions)"/>. Disposing removes it.
/// </summary>
public sealed class PrivateSocket : IDisposable
{
    /// <summary>Of a socket's address, bytes; the kernel's limit.</summary>
    const int LongestPath = 107;

    readonly PrivateFolder folder = PrivateFolder.Create();

    /// <exception cref="InputFault">Environment: there is no temporary folder to make it in.</exception>
    public PrivateSocket()
    {
        if (Encoding.UTF8.GetByteCount(folder.File("stages")) is var bytes && bytes <= LongestPath)
            return;
        folder.Dispose();
        throw InputFault.Environment(
            "TMPDIR",
            $"the temporary folder's path must leave a socket in it at most {LongestPath} bytes, "
            + $"but '{folder.File("stages")}' has {bytes}");
    }

    /// <summary>unix:/PATH.</summary>
    public Uri Address => new($"unix:{folder.File("stages")}");

    public void Dispose() => folder.Dispose();
}
