using Rewas.Hosting;
using Rewas.Jobs;

var builder = WebApplication.CreateBuilder(args);
builder.AddRewasDefaults("http://127.0.0.1:5107");
builder.AddJobs();

var app = builder.Build();
app.MapRewasDefaults();
app.MapJobs();
return await app.RunServiceAsync();
