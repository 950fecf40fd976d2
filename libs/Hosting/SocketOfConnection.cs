namespace Rewas.Hosting;

/// <summary>The Unix domain socket that a connection has come by. The end point that Kestrel reports for it does not name it.</summary>
sealed record SocketOfConnection(string Path);
