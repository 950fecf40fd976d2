using System.Text;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Client;

/// <summary>
/// A Unix domain socket that only this user can reach, for stages in the caller's own process. Pass <see cref="Address"/> to the host as
/// Rewas:Listen and to <see cref="RewasClient.Connect(Uri, RewasClientOptions)"/>. Disposing removes the socket.
/// </summary>
public sealed class PrivateSocket : IDisposable
{
    /// <summary>The kernel's limit for a socket path, in bytes.</summary>
    const int LongestPath = 107;

    readonly PrivateFolder folder = PrivateFolder.Create();

    /// <exception cref="InputFault">Environment: there is no usable temporary folder.</exception>
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

    /// <summary>The address, unix:/PATH.</summary>
    public Uri Address => new($"unix:{folder.File("stages")}");

    public void Dispose() => folder.Dispose();
}
