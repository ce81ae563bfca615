// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Open311Api : public Town {
 protected:
  Answer Send(std::string_view form, std::string type = "application/x-www-form-urlencoded; charset=utf-8") {
    return Post("", "/open311/v2/requests.json", form, {"Content-Type: " + type});
  }
};

TEST_F(Open311Api, TheCategoriesAreItsServices) {
  const Answer services = Get("", "/open311/v2/services.json");
  ASSERT_EQ(services.status, 200);
  EXPECT_GT(services.Count(""), 50u);
  const Answer one = Get("", "/open311/v2/services/" + services.At("0.service_code") + ".json");
  EXPECT_EQ(one.At("service_name"), services.At("0.service_name"));
  EXPECT_EQ(Get("", "/open311/v2/services/no.such.json").status, 404);
}

TEST_F(Open311Api, ARequestBecomesAMatterItsReceiptFollows) {
  const Answer sent = Send("service_code=water.supply&description=%E6%B0%B4%E7%AE%A1+%E6%BC%8F%E6%B0%B4&phone=13900000001&lat=1.5&api_key=x");
  ASSERT_EQ(sent.status, 201) << sent.text;
  const std::string receipt = sent.At("0.service_request_id");
  const Answer one = Get("", "/open311/v2/requests/" + receipt + ".json");
  ASSERT_EQ(one.status, 200) << one.text;
  EXPECT_EQ(one.At("0.status"), "open");
  EXPECT_EQ(one.At("0.service_code"), "water.supply");
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt).At("state"), "received");
  const Answer listed = Get("", "/open311/v2/requests.json?service_request_id=" + receipt + ",0000-0000-1");
  EXPECT_EQ(listed.Count(""), 1u);
  EXPECT_EQ(Get("", "/open311/v2/requests.json").Count(""), 0u);
}

TEST_F(Open311Api, WrongFormsAreToldWhat) {
  EXPECT_EQ(Send("service_code=water.supply").At("0.description"), "description was not provided");
  EXPECT_EQ(Send("description=x").At("0.description"), "service_code was not provided");
  EXPECT_EQ(Send("service_code=no.such&description=x").At("0.description"), "service_code was not found");
  EXPECT_EQ(Send("service_code=water.supply&description=%ff").At("0.description"), "the form cannot be read");
  EXPECT_EQ(Send("service_code=water.supply&description=a&jurisdiction_id=510104").At("0.description"), "jurisdiction_id was not found");
  EXPECT_EQ(Send("service_code=water.supply&description=" + std::string(4001, 'x')).status, 400);
  EXPECT_EQ(Send("{}", "application/json").status, 400);
  EXPECT_EQ(Get("", "/open311/v2/requests/7K3M-9QXT-4.json").status, 404);
}

TEST_F(Open311Api, OneAddressCannotFloodOrGuess) {
  int refused = 0;
  for (int i = 0; i < 25; ++i) refused += Send("service_code=water.supply&description=x").status == 429;
  EXPECT_GT(refused, 0);
  int locked = 0;
  for (int i = 0; i < 60; ++i) locked += Get("", "/open311/v2/requests/7K3M-9QXT-4.json").status == 429;
  EXPECT_GT(locked, 0);
}

}  // namespace
}  // namespace huiyin::testing
