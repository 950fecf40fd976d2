using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rewas.Store.Files;

namespace Rewas.Tests.Store;

/// <summary>A sweep that fails is tried again, and ends no host.</summary>
public sealed class SweepTests
{
    [Theory]
    [InlineData("agent")]
    [InlineData("studio")]
    public async Task A_store_that_fails_ends_no_host(string service)
    {
        using var folder = new TemporaryFolder();
        var files = new Refusing();
        await using var replica = new StoreReplica(folder.File("store"), services => services.AddSingleton<IStoredFiles>(files));
        // A file of a session or a video that does not exist any more.
        await replica.Get<StoredFiles>().NoteAsync("leases/gone/file", "gone", TestContext.Current.CancellationToken);

        var app = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder();
        app.Logging.ClearProviders();
        app.Configuration["Store:Folder"] = folder.File("store");
        app.Configuration["Store:TakeOverAfter"] = "00:00:00.200";
        app.Configuration["SoundStudio:Lease"] = app.Configuration["SoundAgent:SessionLifetime"] = "00:00:01";
        app.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
        app.Configuration["Rewas:Bundle"] = "rewas-mini";
        app.Configuration["Rewas:WarmUp"] = "false";
        app.Configuration["Rewas:ShareBetweenCallers"] = "true";
        app.Services.AddSingleton<IStoredFiles>(files);
        Rewas.Hosting.ServiceDefaults.AddRewasDefaults(app);
        if (service == "agent")
            Rewas.Agent.AgentSetup.AddSoundAgent(app);
        else
            Rewas.SoundStudio.SoundStudioSetup.AddSoundStudio(app);
        await using var host = app.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => files.Refusals >= 2, "a second sweep has come after the first one failed");
        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        files.Refuses = false;
        await Wait.UntilAsync(() => files.Deleted, "a later sweep has deleted the file");
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Files that cannot be deleted, as on a disk with an error.</summary>
    sealed class Refusing : IStoredFiles
    {
        int refusals;

        public int Refusals => Volatile.Read(ref refusals);

        public bool Refuses { get; set; } = true;

        public bool Deleted { get; private set; }

        public Task StoreAsync(string key, string path, CancellationToken cancellation) => Task.CompletedTask;

        public Task<Stream> OpenAsync(string key, CancellationToken cancellation) => throw new IOException("input/output error");

        public Task DeleteAsync(string key, CancellationToken cancellation)
        {
            if (Refuses)
            {
                Interlocked.Increment(ref refusals);
                throw new UnauthorizedAccessException("permission denied");
            }
            Deleted = true;
            return Task.CompletedTask;
        }
    }
}
