namespace Rewas.Client;

/// <summary>
/// A Unix domain socket that only this user can reach, for stages hosted in the caller's own process: give <see cref="Address"/> to the host
/// as Rewas:Listen and to <see cref="RewasClient.Connect(Uri, RewasClientOptions)"/>. Disposing removes it.
/// </summary>
public sealed class PrivateSocket : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rewas-");   // mode 0700

    /// <summary>unix:/PATH.</summary>
    public Uri Address => new($"unix:{Path.Combine(folder.FullName, "stages")}");

    public void Dispose() => folder.Delete(recursive: true);
}
