using Rewas.EnergyPredictor;
using Rewas.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddRewasDefaults("http://127.0.0.1:5102");
builder.AddEnergyPredictor();

var app = builder.Build();
app.MapRewasDefaults();
app.MapEnergyPredictor();
return await app.RunServiceAsync();
