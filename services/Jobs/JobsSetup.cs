using Grpc.AspNetCore.HealthChecks;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;
using Quartz;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Jobs.Data;
using Rewas.Jobs.Running;
using Rewas.Jobs.Settings;
using Rewas.Networks.Onnx;
using Rewas.Rendering;
using Rewas.Rendering.Guards;
using Rewas.Store;
using Rewas.Store.Data;
using Rewas.Store.Settings;

namespace Rewas.Jobs;

/// <summary>Registers durable jobs, in a host of their own or beside the stages.</summary>
public static class JobsSetup
{
    static readonly string Section = V1.Jobs.Descriptor.Name;

    public static WebApplicationBuilder AddJobs(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddBundle(builder.Configuration);
        services.AddCallersData(Section);
        services.AddSingleton<IValidateOptions<JobsOptions>, JobsOptionsValidator>();
        services.AddSettings<JobsOptions>(Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSettings<OnnxOptions>(OnnxOptions.Section);
        services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(V1.Jobs.Descriptor.FullName, _ => true));
        services.AddStore(builder.Configuration);
        services.AddSingleton<JobTable>().AddSingleton<RunTable>().AddSingleton<Retention>();
        services.AddSingleton<JobStages>()
            .AddSingleton<VideoIntake>()
            .AddSingleton<ReadableFolder>()
            .AddSingleton<ItemMaker>()
            .AddSingleton<RoomWaits>()
            .AddSingleton(_ => BlankPlaces.OfMachine())
            .AddSingleton<FolderLock>();
        services.AddSettings<StageAccess>(StageAccess.Section);
        services.AddSettings<GuardOptions>(GuardOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddCandidateJudge();
        services.AddQuartz(quartz => Configure(
            quartz, builder.Configuration.Read<JobsOptions>(Section), builder.Configuration.ReadStore()));
        services.AddQuartzHostedService(hosted => (hosted.AutoStart, hosted.WaitForJobsToComplete) = (false, true));
        services.AddHostedService<JobDispatcher>();
        return builder;
    }

    /// <summary>Adds the jobs to the stages' own process. Call it after AddSoundStudioBesideStages.</summary>
    public static WebApplicationBuilder AddJobsBesideStages(this WebApplicationBuilder builder)
    {
        builder.Configuration[$"{Section}:{nameof(JobsOptions.Stages)}"] =
            builder.Configuration[$"{V1.SoundStudio.Descriptor.Name}:{nameof(JobsOptions.Stages)}"];
        return builder.AddJobs();
    }

    public static WebApplication MapJobs(this WebApplication app)
    {
        app.MapGrpcService<JobsService>();
        return app;
    }

    /// <summary>Quartz keeps its jobs and triggers in the database of the jobs.</summary>
    static void Configure(IQuartzBuilder quartz, JobsOptions options, StoreOptions placed)
    {
        quartz.ConfigureScheduler(scheduler =>
        {
            scheduler.InstanceName = "rewas-jobs";
            scheduler.IdleWaitTime = TimeSpan.FromSeconds(1);                // another process may have added a job
            scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
        });
        quartz.UseDefaultThreadPool(Math.Max(1, options.MaxRunningJobs));    // the validator reports a value out of range
        quartz.UsePersistentStore(store =>
        {
            store.ProvisionSchema();
            store.ConfigureStore(settings => settings.MaxConsecutiveFireFailures = 0);
            if (placed.Postgres.Length == 0)
            {
                store.UseSqlite(SqliteFactory.Instance, StoreDatabase.SqliteConnection(placed.FolderPath()));
                return;
            }
            store.UsePostgres(NpgsqlFactory.Instance, placed.Postgres);
            store.UseClustering(cluster => cluster.CheckinInterval = cluster.CheckinMisfireThreshold = options.NodeTimeout / 2);
        });
    }
}
