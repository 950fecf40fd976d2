using Rewas.Clip.Files;

namespace Rewas.Cli.Serving;

/// <summary>
/// The store of a host that serves one command. Its sessions end with the command, so nothing of it is kept, whatever store the
/// environment names for the services.
/// </summary>
static class TemporaryStore
{
    public static void AddTemporaryStore(this WebApplicationBuilder builder)
    {
        var folder = PrivateFolder.Create("rewas-store-");
        builder.Configuration["Store:Folder"] = folder.Path;
        builder.Configuration["Store:Postgres"] = "";
        builder.Configuration["Store:S3:Bucket"] = "";
        builder.Configuration["Store:S3:ServiceUrl"] = "";
        builder.Services.AddHostedService(_ => new Owner(folder));
    }

    /// <summary>Deletes the folder with the host.</summary>
    sealed class Owner(PrivateFolder folder) : IHostedService, IDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => folder.Dispose();
    }
}
